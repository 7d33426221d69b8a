import Foundation
import NIOCore
import NIOPosix
import Testing

/// What a program printed, and how it ended.
struct ProgramResult: Sendable {
    let output: String
    let errors: String
    let status: Int32
}

/// Threads to wait for programs on; those that the server has must stay free for it.
private let programThreads: NIOThreadPool = {
    let pool = NIOThreadPool(numberOfThreads: 64)
    pool.start()
    return pool
}()

/// Starts a program of the system, which says nothing.
func start(_ program: String, _ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "exec \"$0\" \"$@\"", program] + arguments
    try process.run()
    return process
}

/// Runs a program of the system.
func run(_ program: String, _ arguments: [String]) async throws -> ProgramResult {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "exec \"$0\" \"$@\"", program] + arguments
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    return try await programThreads.runIfActive {
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let complaints = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return ProgramResult(
            output: String(decoding: text, as: UTF8.self), errors: String(decoding: complaints, as: UTF8.self), status: process.terminationStatus)
    }
}

/// curl, quietly, with a limit in time.
func curl(_ arguments: String...) async throws -> ProgramResult {
    try await run("curl", ["-sS", "--max-time", "900"] + arguments)
}

/// The hex SHA-256 of a stream that curl fetches, by coreutils.
func sha256(ofCurl arguments: String) async throws -> String {
    let result = try await run("/bin/sh", ["-c", "curl -sS --max-time 900 \(arguments) | sha256sum"])
    return String(result.output.prefix(64))
}

/// A connection on which a test writes bytes and reads what comes.
struct RawConnection: Sendable {
    let inbound: NIOAsyncChannelInboundStream<ByteBuffer>
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    let channel: any Channel

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    /// All until the server closes.
    func readToEnd() async -> String {
        var text = ""
        do {
            for try await bytes in inbound { text += String(buffer: bytes) }
        } catch {
            text += "<\(error)>"
        }
        return text
    }

    /// What comes until it contains `mark`, or the server closes.
    func read(until mark: String) async throws -> String {
        var text = ""
        var iterator = inbound.makeAsyncIterator()
        while !text.contains(mark), let bytes = try await iterator.next() { text += String(buffer: bytes) }
        return text
    }
}

/// Opens a connection to the port on loopback for as long as `body` runs.
func withConnection<Value: Sendable>(_ port: Int, _ body: @Sendable (RawConnection) async throws -> Value) async throws -> Value {
    try await withConnection(to: SocketAddress(ipAddress: "127.0.0.1", port: port), body)
}

/// The same to any address.
func withConnection<Value: Sendable>(
    to address: SocketAddress, _ body: @Sendable (RawConnection) async throws -> Value
) async throws -> Value {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .connect(to: address) { channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
        }
    return try await channel.executeThenClose { try await body(RawConnection(inbound: $0, outbound: $1, channel: channel.channel)) }
}

/// While `count` connections are open, on each of which a request was answered.
func withServedConnections(_ count: Int, _ port: Int, _ body: @Sendable () async throws -> Void) async throws {
    guard count > 0 else { return try await body() }
    try await withConnection(port) { connection async throws in
        try await connection.send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try await connection.read(until: "ok\n").hasPrefix("HTTP/1.1 200"))
        try await withServedConnections(count - 1, port, body)
    }
}

/// The answer to one request written byte for byte; the server must close after it.
func exchange(_ port: Int, _ request: String) async throws -> String {
    try await withConnection(port) { connection async throws in
        try await connection.send(request)
        return await connection.readToEnd()
    }
}
