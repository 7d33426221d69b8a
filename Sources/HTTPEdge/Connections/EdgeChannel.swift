import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// Hummingbird's channel, with what concerns the connection as a whole: it is counted, and must shake hands in time.
struct EdgeChannel<Base: ServerChildChannel>: ServerChildChannel {
    /// From small reads for small requests to large ones for layers, which then change threads less often.
    private static var reads: AdaptiveRecvByteBufferAllocator { AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 2048, maximum: 256 << 10) }

    let base: Base
    let pipeline: Pipeline
    let limits: EdgeLimits
    let requestMetrics: RequestMetrics
    let addresses: AddressConnections

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        requestMetrics.connectionOpened()
        channel.closeFuture.whenComplete { [requestMetrics] _ in requestMetrics.connectionClosed() }
        do {
            try channel.syncOptions?.setOption(.recvAllocator, value: Self.reads)
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
        let ready = base.setup(channel: channel, logger: logger)
        guard addresses.take(channel) else {
            requestMetrics.connectionRefused()
            let isToldWhy = !pipeline.isTLS && addresses.mayLinger(channel)
            return ready.flatMapThrowing { [limits] value in
                try channel.pipeline.syncOperations.addHandler(
                    RefusedConnection(limit: limits.connectionsOfAddress, isToldWhy: isToldWhy, linger: TimeAmount(limits.linger)), position: .first)
                return value
            }
        }
        if let tls = try? channel.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self) {
            do {
                try channel.pipeline.syncOperations.addHandler(HandshakeWatch(limit: TimeAmount(limits.handshake)), position: .after(tls))
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }
        guard Base.self == HTTP1Channel.self else { return ready }
        return ready.flatMapThrowing { [pipeline] value in
            let counting = try channel.pipeline.syncOperations.handler(type: HTTPConnectionStateHandler.self)
            try channel.pipeline.syncOperations.addHandler(
                DirectAnswers { try await pipeline.serve($0, nil, $1, on: $2) }, position: .after(counting))
            return value
        }
    }

    func handle(value: Base.Value, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
            await withTaskCancellationHandler {
                await base.handle(value: value, logger: logger)
            } onCancel: { [channel = value.channel] in
                channel.eventLoop.execute { try? channel.pipeline.syncOperations.handler(type: DirectAnswers.self).cancel() }
            }
        }
    }
}
