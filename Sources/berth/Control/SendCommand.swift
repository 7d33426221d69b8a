import Foundation
import NIOCore
import NIOPosix

/// Has the server that runs on `folder` perform `command`, and returns what it says; nil when no server runs.
/// Throws `Refusal` with the server's reason when it refuses.
func send(_ command: ControlCommand, to folder: DataFolder) async throws -> String? {
    let client: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    do {
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).channelOption(.allowRemoteHalfClosure, value: true)
        client = try await bootstrap.connect(unixDomainSocketPath: folder.socket) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel(wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            }
        }
    } catch let error as IOError where error.errnoCode == ENOENT || error.errnoCode == ECONNREFUSED {
        return nil
    }
    let message = try await client.executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(bytes: try JSONEncoder().encode(command)))
        outbound.finish()
        return try await wholeMessage(from: inbound)
    }
    switch try JSONDecoder().decode(ControlAnswer.self, from: Data(message)) {
    case .done(let text): return text
    case .refused(let reason): throw Refusal(reason)
    }
}
