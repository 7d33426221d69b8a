import NIOCore

/// Stands before all other handlers of a connection too many, and lets nothing through: it says why where that can be read, and closes.
final class RefusedConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: String?
    private let linger: TimeAmount

    /// Without `isToldWhy`, as who speaks TLS cannot be, it closes at once; else the connection stays for `linger`, so that the answer is read.
    init(limit: Int, isToldWhy: Bool, linger: TimeAmount) {
        self.linger = linger
        let text = "This address has \(limit) connections with this server, as many as one address may have.\n"
        answer =
            !isToldWhy
            ? nil
            : "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)"
    }

    func channelActive(context: ChannelHandlerContext) {
        guard let answer else { return context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: answer)), promise: nil)
        context.close(mode: .output, promise: nil)
        _ = context.eventLoop.assumeIsolated().scheduleTask(in: linger) { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
