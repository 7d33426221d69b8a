import EventDelivery
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A request as a receiver got it.
struct Received: Sendable {
    let signature: String?
    let type: String?
    let body: String
}

/// An HTTP server on loopback that keeps what is posted to it, and answers each with the next status that was told, the last one for ever.
final class Receiver: Sendable {
    private let state: Mutex<(received: [Received], statuses: [Int])>
    private let channel: any Channel

    var port: Int { channel.localAddress?.port ?? 0 }
    var received: [Received] { state.withLock { $0.received } }

    static func with(statuses: [Int] = [200], _ body: (Receiver) async throws -> Void) async throws {
        let receiver = try await Receiver(statuses: statuses)
        do {
            try await body(receiver)
        } catch {
            try await receiver.channel.close()
            throw error
        }
        try await receiver.channel.close()
    }

    private init(statuses: [Int]) async throws {
        let box = Box()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(Handler { [box] in box.receiver?.take($0) ?? .internalServerError })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        state = Mutex(([], statuses))
        box.set(self)
    }

    private func take(_ request: Received) -> HTTPResponseStatus {
        state.withLock { state in
            state.received.append(request)
            return HTTPResponseStatus(statusCode: state.statuses.count > 1 ? state.statuses.removeFirst() : state.statuses[0])
        }
    }

    private final class Box: Sendable {
        private let content = Mutex<Receiver?>(nil)
        var receiver: Receiver? { content.withLock { $0 } }
        func set(_ receiver: Receiver) { content.withLock { $0 = receiver } }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let take: (Received) -> HTTPResponseStatus
        private var head: HTTPRequestHead?
        private var body = ""

        init(_ take: @escaping (Received) -> HTTPResponseStatus) { self.take = take }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body = ""
            case .body(let bytes): body += String(buffer: bytes)
            case .end:
                let status = take(
                    Received(
                        signature: head?.headers[WebhookSignature.header].first, type: head?.headers["Content-Type"].first, body: body))
                let answer = HTTPResponseHead(version: .http1_1, status: status, headers: ["Content-Length": "0"])
                context.write(wrapOutboundOut(.head(answer)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
