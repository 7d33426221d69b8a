import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Takes commands on the socket in the data folder, from whoever may open it: the folder's owner and root.
struct ControlSocket: Service {
    private typealias Client = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private let server: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>
    private let log: Logger
    private let perform: @Sendable (ControlCommand) async throws -> String

    /// Opens the socket at `path`; a file that an earlier server left there is replaced. `run` answers on it.
    static func open(
        at path: String, log: Logger, perform: @escaping @Sendable (ControlCommand) async throws -> String
    ) async throws -> ControlSocket {
        guard path.utf8.count < 108 else {
            throw Refusal("The path \(path) is too long for a socket (107 bytes at most); choose a data folder with a shorter one.")
        }
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup).childChannelOption(.allowRemoteHalfClosure, value: true)
        let server = try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { client in
            client.eventLoop.makeCompletedFuture { try Client(wrappingChannelSynchronously: client) }
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return ControlSocket(server: server, log: log, perform: perform)
    }

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await server.executeThenClose { clients in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await client in clients { group.addTask { await converse(with: client) } }
                }
            }
        } onGracefulShutdown: {
            server.channel.close(promise: nil)
        }
    }

    private func converse(with client: Client) async {
        do {
            try await client.executeThenClose { inbound, outbound in
                let answer = await answer(to: try await wholeMessage(from: inbound))
                try await outbound.write(ByteBuffer(bytes: try JSONEncoder().encode(answer)))
                outbound.finish()
            }
        } catch {
            log.warning("command failed", metadata: ["error": "\(error)"])
        }
    }

    private func answer(to message: [UInt8]) async -> ControlAnswer {
        do {
            return .done(try await perform(try JSONDecoder().decode(ControlCommand.self, from: Data(message))))
        } catch let refusal as Refusal {
            return .refused(refusal.description)
        } catch is DecodingError {
            return .refused("This server does not know the command; it is of another version than the `berth` that sent it.")
        } catch {
            log.error("command failed", metadata: ["error": "\(String(reflecting: error))"])
            return .refused("The server could not do it; its log says why.")
        }
    }
}

/// All bytes until the sender has no more. Throws `Refusal` when they are too many.
func wholeMessage(from inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async throws -> [UInt8] {
    var message: [UInt8] = []
    for try await bytes in inbound {
        message += bytes.readableBytesView
        guard message.count <= ControlAnswer.limit else { throw Refusal("The message is too long.") }
    }
    return message
}
