import DistributionAPI
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Sends `100 Continue`.
struct SendContinue: Sendable {}

/// Sends part of a file without copying it through the process: for HTTP/1.1 without TLS, after a head with Content-Length.
struct SendFile: Sendable {
    let region: FileRegion
}

/// Sends bytes of a body; the promise is fulfilled when they have left, which is what makes a slow client slow the reader.
struct SendBytes: Sendable {
    let bytes: ByteBuffer
}

/// Sits between the HTTP codec and Hummingbird, one for each connection, or stream of HTTP/2. It sends the bulk of bodies,
/// closes connections whose client takes nothing, and ends those that cannot be used any more without losing their answer.
final class DataPlaneHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: EdgeLimits
    /// A request's head came, and its end not yet.
    private var isReceiving = false
    private var requests = 0
    private var answers = 0
    /// Writes that have not left, and those that have: what the watch for stalled clients looks at.
    private var unsent = 0
    private var sent = 0
    private var isWatching = false
    private var closesAfterAnswer = false
    /// What came of a request that was answered before its end; nil while there is none such.
    private var discarded: Int?
    private var hasLingerDeadline = false
    private var isClosing = false
    /// What the next end of an answer sends.
    private var whole: WholeAnswer?
    /// Where bytes go past the codec, which has nothing to do for them.
    private var encoder: ChannelHandlerContext?

    init(limits: EdgeLimits) { self.limits = limits }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isReceiving = true
            requests += 1
        case .body(let bytes):
            if let discarded {
                self.discarded = discarded + bytes.readableBytes
                if discarded + bytes.readableBytes > limits.drainedBytes { return context.close(promise: nil) }
            }
        case .end:
            isReceiving = false
            discarded = nil
        }
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            breakOff(context)
            if closesAfterAnswer, answers >= requests, unsent == 0 { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        breakOff(context)
        context.fireChannelInactive()
    }

    /// The rest of the pipeline takes the end of the connection for the end of the body; this tells it better.
    private func breakOff(_ context: ChannelHandlerContext) {
        guard isReceiving else { return }
        isReceiving = false
        context.fireErrorCaught(BodyError.brokenOff)
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.headerFields[.connection] == "close" { closesAfterAnswer = true }
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            answers += 1
            let promise = promise ?? context.eventLoop.makePromise()
            watch(promise, context) { $0.answerLeft($1) }
            guard let whole else { return context.write(data, promise: promise) }
            self.whole = nil
            write(whole, context, promise)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        switch event {
        case is SendContinue:
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: promise)
        case let event as SendBytes:
            let promise = promise ?? context.eventLoop.makePromise()
            watch(promise, context)
            context.writeAndFlush(wrapOutboundOut(.body(event.bytes)), promise: promise)
        case let event as SendFile:
            let promise = promise ?? context.eventLoop.makePromise()
            watch(promise, context)
            do {
                // Past the codec and the encoder, which know no files. The head went before, and says how long the body is.
                try pastCodec(context).writeAndFlush(NIOAny(IOData.fileRegion(event.region)), promise: promise)
            } catch {
                promise.fail(error)
            }
        case let event as WholeAnswer:
            if event.closesConnection { closesAfterAnswer = true }
            whole = event
            promise?.succeed()
        default: context.triggerUserOutboundEvent(event, promise: promise)
        }
    }

    private func write(_ answer: WholeAnswer, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>) {
        do {
            let encoder = try pastCodec(context)
            encoder.write(NIOAny(IOData.byteBuffer(answer.head)), promise: answer.rest == nil ? promise : nil)
            if let rest = answer.rest { encoder.write(NIOAny(IOData.byteBuffer(rest)), promise: promise) }
        } catch {
            promise.fail(error)
        }
    }

    private func pastCodec(_ context: ChannelHandlerContext) throws -> ChannelHandlerContext {
        if let encoder { return encoder }
        let found = try context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
        encoder = found
        return found
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        // The streams of HTTP/2 have no such decoder, and end with their request.
        guard let decoder = try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self) else { return }
        do {
            try pipeline.addHandler(RequestPersistence(), position: .after(decoder))
        } catch {
            context.fireErrorCaught(error)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { encoder = nil }

    /// An answer has left the process, or never will.
    private func answerLeft(_ context: ChannelHandlerContext) {
        guard !isClosing, answers >= requests else { return }
        if closesAfterAnswer {
            // Closing at once would reset the connection while the client still sends, and the answer would be lost.
            context.close(mode: .output, promise: nil)
            linger(context)
        } else if isReceiving {
            linger(context)
        }
    }

    /// Bears what still comes of a request, for a while.
    private func linger(_ context: ChannelHandlerContext) {
        if isReceiving { discarded = 0 }
        guard !hasLingerDeadline else { return }
        hasLingerDeadline = true
        after(limits.linger, context) { handler, context in
            handler.hasLingerDeadline = false
            if handler.closesAfterAnswer || handler.discarded != nil { context.close(promise: nil) }
        }
    }

    /// A close from above waits for the answer that is on its way, not longer than `EdgeLimits.linger`.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .all, unsent > 0, !isClosing, context.channel.isActive else { return context.close(mode: mode, promise: promise) }
        isClosing = true
        let promise = promise ?? context.eventLoop.makePromise()
        pendingClose = promise
        after(limits.linger, context) { $0.finishClose($1) }
    }

    private var pendingClose: EventLoopPromise<Void>?

    private func finishClose(_ context: ChannelHandlerContext) {
        guard let promise = pendingClose else { return }
        pendingClose = nil
        context.close(promise: promise)
    }

    // MARK: Stalled clients

    /// Keeps an eye on a write until it has left.
    private func watch(
        _ promise: EventLoopPromise<Void>, _ context: ChannelHandlerContext, then next: ((DataPlaneHandler, ChannelHandlerContext) -> Void)? = nil
    ) {
        unsent += 1
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.unsent -= 1
            self.sent += 1
            next?(self, context)
            if self.unsent == 0 { self.finishClose(context) }
        }
        guard !isWatching else { return }
        isWatching = true
        scheduleCheck(context, progress(context))
    }

    private func scheduleCheck(_ context: ChannelHandlerContext, _ last: [Int]) {
        after(limits.stalledReader, context) { handler, context in
            let progress = handler.progress(context)
            if handler.unsent == 0 || !context.channel.isActive {
                handler.isWatching = false
            } else if progress == last {
                handler.isClosing = true
                context.close(promise: nil)
            } else {
                handler.scheduleCheck(context, progress)
            }
        }
    }

    /// Changes whenever the client takes something.
    private func progress(_ context: ChannelHandlerContext) -> [Int] {
        let buffered =
            context.channel is any SocketOptionProvider
            ? (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0 : 0
        return [sent, buffered]
    }

    private func after(
        _ duration: Duration, _ context: ChannelHandlerContext, _ action: @escaping (DataPlaneHandler, ChannelHandlerContext) -> Void
    ) {
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(duration)) { [weak self] in
            guard let self, !context.isRemoved else { return }
            action(self, context)
        }
    }
}

extension ChannelHandlerContext {
    fileprivate var isRemoved: Bool { !channel.isActive }
}
