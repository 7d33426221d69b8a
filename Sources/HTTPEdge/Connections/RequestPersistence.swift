import NIOCore
import NIOHTTP1

/// Stands behind the decoder and has every request say `Connection: close` that is the last one of its connection: one of HTTP/1.0 says it by not asking
/// for `keep-alive`, and its version is lost further on (RFC 9112 section 9.3). A proxy that is not told would use the connection again.
final class RequestPersistence: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), !head.isKeepAlive else { return context.fireChannelRead(data) }
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}
