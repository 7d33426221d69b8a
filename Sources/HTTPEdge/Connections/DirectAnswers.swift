import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Answers requests without a body where they arrive, on the event loop of their connection, one at a time and in order;
/// all others go on to Hummingbird. A small pull costs a third less this way
/// (`docs/decisions/0013-pulls-are-answered-in-the-channel.md`).
///
/// It stands above the handler that counts the requests under way, which therefore sees these too.
final class DirectAnswers: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart
    typealias Responder = @Sendable (HTTPRequest, DirectWriter, any Channel) async throws -> Void

    private enum Inbound {
        case part(NIOAny)
        case event(Any)
        case error(any Error)
    }

    /// So much of what a client sends ahead of its answers is kept; then it is read no more for a while.
    private static let mostHeld = 64

    private let respond: Responder
    private var executor: EventLoopExecutor?
    /// Answers that Hummingbird owes.
    private var forwarded = 0
    /// A request that was chosen, up to its end.
    private var head: HTTPRequest?
    private var task: Task<Void, Never>?
    /// What came while an answer was under way, or could not leave.
    private var held: [Inbound] = []
    private var owesRead = false

    init(respond: @escaping Responder) { self.respond = respond }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard task == nil, held.isEmpty, context.channel.isWritable else { return held.append(.part(data)) }
        switch unwrapInboundIn(data) {
        case .head(let head) where forwarded == 0 && Self.isFitting(head): self.head = head
        case .head:
            forwarded += 1
            context.fireChannelRead(data)
        case .body:
            context.fireChannelRead(data)
        case .end:
            guard let head else { return context.fireChannelRead(data) }
            self.head = nil
            answer(head, context)
        }
    }

    /// True of a request that has no body and lets the connection be.
    private static func isFitting(_ head: HTTPRequest) -> Bool {
        guard head.method == .get || head.method == .head else { return false }
        let fields = head.headerFields
        return !fields.contains(.contentLength) && !fields.contains(.transferEncoding) && !fields.contains(.connection)
    }

    private func answer(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        let executor = executor ?? EventLoopExecutor(context.eventLoop)
        self.executor = executor
        let channel = context.channel
        let writer = DirectWriter(NIOLoopBound((self, context), eventLoop: context.eventLoop))
        // Its end is the connection's, which cancels it; a group of tasks for each connection is what this saves.
        task = Task(executorPreference: executor) { [respond] in
            do {
                try await respond(head, writer, channel)
                writer.finish()
            } catch {
                channel.close(promise: nil)
            }
        }
    }

    /// The answer is written; what was held goes its way.
    fileprivate func finished(_ context: ChannelHandlerContext) {
        task = nil
        release(context)
    }

    private func release(_ context: ChannelHandlerContext) {
        guard task == nil, !held.isEmpty || owesRead, context.channel.isWritable || !context.channel.isActive else { return }
        let waiting = held
        held = []
        for (index, inbound) in waiting.enumerated() {
            guard task == nil else {
                held += waiting[index...]
                break
            }
            switch inbound {
            case .part(let data): channelRead(context: context, data: data)
            case .event(let event): userInboundEventTriggered(context: context, event: event)
            case .error(let error): errorCaught(context: context, error: error)
            }
        }
        // Who reads above acts on what came at the end of a turn only, and this is one.
        if !waiting.isEmpty { context.fireChannelReadComplete() }
        guard owesRead, held.count < Self.mostHeld else { return }
        owesRead = false
        context.read()
    }

    // MARK: What else happens to the connection

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard task == nil, held.isEmpty else { return held.append(.event(event)) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard task == nil, held.isEmpty else { return held.append(.error(error)) }
        context.fireErrorCaught(error)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        release(context)
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancel()
        held = []
        context.fireChannelInactive()
    }

    func read(context: ChannelHandlerContext) {
        if held.count < Self.mostHeld { context.read() } else { owesRead = true }
    }

    /// Gives up the answer that is under way.
    func cancel() { task?.cancel() }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { forwarded -= 1 }
        context.write(data, promise: promise)
    }
}

/// Writes the answer to a request that `DirectAnswers` has taken.
struct DirectWriter: AnswerWriter {
    private let connection: NIOLoopBound<(DirectAnswers, ChannelHandlerContext)>

    fileprivate init(_ connection: NIOLoopBound<(DirectAnswers, ChannelHandlerContext)>) { self.connection = connection }

    func write(_ head: HTTPResponse, _ body: ByteBuffer?) async throws {
        let (handler, context) = connection.value
        context.triggerUserOutboundEvent(WholeAnswer(head, body, context.channel.allocator), promise: nil)
        context.writeAndFlush(handler.wrapOutboundOut(.end(nil)), promise: nil)
    }

    func write(_ head: HTTPResponse, around body: () async throws -> Void) async throws {
        start(head)
        try await body()
        end()
    }

    private func start(_ head: HTTPResponse) {
        let (handler, context) = connection.value
        context.write(handler.wrapOutboundOut(.head(head)), promise: nil)
    }

    private func end() {
        let (handler, context) = connection.value
        context.writeAndFlush(handler.wrapOutboundOut(.end(nil)), promise: nil)
    }

    fileprivate func finish() {
        let (handler, context) = connection.value
        handler.finished(context)
    }
}
