import AWSCore
import DistributionAPI
import Foundation
import HTTPEdge
import IAM
import Logging
import NIOCore
import NIOPosix
import OCI
import RegistryCore
import ServiceLifecycle
import Stores
import Synchronization
import TestSupport

@testable import Identity

/// Facts that the tests share.
enum Sample {
    static let account = AccountID("123456789012") ?? { preconditionFailure("no account") }()
    static let region = Region("us-east-1") ?? { preconditionFailure("no region") }()
    static let accessKeyID = "AKIAIOSFODNN7EXAMPLE"
    static let secret = "canary-secret-wJalrXUtnFEMI"
    static let token = "canary-token-abcdef"
    static let publicToken = "canary-public-token"
    static let anonymousToken = "canary-anonymous-token"
    static let png: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]
    static let logo = Digest.of(png)

    static var configuration: EdgeConfiguration {
        var configuration = EdgeConfiguration(account: account, region: region)
        configuration.plain = [ListenAddress(host: "127.0.0.1", port: 0)]
        return configuration
    }

    /// Backends that know one key and one docker token, and answer little.
    static var backends: Backends {
        Backends(
            ecr: { api, operation, body, context in
                AWSResponse(
                    status: 200, headers: [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-RequestId", context.requestID)],
                    body: Array(
                        "{\"operation\":\"\(operation)\",\"bytes\":\(body.count),\"region\":\"\(context.region)\",\"origin\":\"\(context.origin)\"}"
                            .utf8),
                    action: "\(api.rawValue):\(operation)")
            },
            query: { service, form, context in
                AWSResponse(
                    status: 200, headers: [("Content-Type", "text/xml")], body: Array("<Arn>\(context.caller.arn)</Arn>".utf8),
                    action: "\(service.name):X")
            },
            distribution: { request in
                let context = request.context
                let registry = request.registry.map { "\($0.account) \($0.region)" } ?? "public"
                let text =
                    "\(registry) \(context.caller.arn) \(context.sourceIP) \(context.origin) \(context.isSecure)"
                return DistributionResponse(status: .ok, body: .bytes(ByteBuffer(string: text)), action: "ecr:Test")
            },
            signer: { id, _, region in
                id == accessKeyID ? .known(secret: secret, .root(of: account, accessKeyID: id, region: region)) : .unknown
            },
            dockerCaller: { password in
                switch password {
                case token: .root(of: account, accessKeyID: accessKeyID, region: region)
                case "expired": throw TokenRefusal.expired
                default: throw TokenRefusal.invalid
                }
            },
            publicRegistries: PublicRegistries(
                dockerCaller: { password in
                    guard password == publicToken else { throw password == "expired" ? TokenRefusal.expired : TokenRefusal.invalid }
                    return .root(of: account, accessKeyID: accessKeyID, region: region)
                },
                issueAnonymousToken: { AnonymousToken(text: anonymousToken, lifetime: .seconds(60)) },
                isAnonymousToken: { $0 == anonymousToken },
                logo: { $0 == logo ? png : nil }),
            openDownload: { _ in nil })
    }

    static func signer(secret: String = secret, region: Region = region) -> SigV4Signer {
        SigV4Signer(accessKeyID: accessKeyID, secret: secret, region: region, service: "ecr")
    }
}

/// An edge that listens on ports of the system's choice, with its log kept.
struct LiveEdge: Sendable {
    let listeners: [BoundListener]
    let metrics: PrometheusMetrics
    let log: LogCapture
    let stop: @Sendable () async -> Void

    var port: Int { listeners.first { !$0.isTLS }?.address.port ?? 0 }
    var tlsPort: Int { listeners.first { $0.isTLS }?.address.port ?? 0 }
    var url: String { "http://127.0.0.1:\(port)" }
    var tlsURL: String { "https://localhost:\(tlsPort)" }
}

/// Runs `body` beside a serving edge, then stops it. An error of either ends the test. `whileBound` delays the end of the start.
func withEdge(
    _ configuration: EdgeConfiguration = Sample.configuration, _ backends: Backends = Sample.backends,
    whileBound: @escaping @Sendable () async -> Void = {}, _ body: @escaping @Sendable (LiveEdge) async throws -> Void
) async throws {
    let log = LogCapture()
    let metrics = PrometheusMetrics()
    let (bound, announce) = AsyncStream.makeStream(of: [BoundListener].self)
    let logger = Logger(label: "test") { _ in
        LineLogHandler(sink: log.sink, format: .json, level: .debug)
    }
    let edge = try Edge(configuration, backends: backends, metrics: metrics, log: logger) {
        announce.yield($0)
        announce.finish()
        await whileBound()
    }
    let quiet = Logger(label: "services") { _ in SwiftLogNoOpLogHandler() }
    let services = ServiceGroup(configuration: ServiceGroupConfiguration(services: [edge], logger: quiet))
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { announce.finish() }
            try await services.run()
        }
        var iterator = bound.makeAsyncIterator()
        guard let listeners = await iterator.next() else {
            try await group.waitForAll()
            return
        }
        do {
            try await body(LiveEdge(listeners: listeners, metrics: metrics, log: log, stop: { await services.triggerGracefulShutdown() }))
        } catch {
            await services.triggerGracefulShutdown()
            throw error
        }
        await services.triggerGracefulShutdown()
        try await group.waitForAll()
    }
}

/// Keeps what is logged, in a file.
final class LogCapture: Sendable {
    let sink: LogSink
    private let folder: TemporaryFolder?
    private let path: String
    private let descriptor: CInt

    init() {
        folder = try? TemporaryFolder()
        path = folder?.file("log") ?? "/dev/null"
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        sink = LogSink(descriptor: descriptor)
    }

    deinit { close(descriptor) }

    var text: String {
        sink.flush()
        return (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }

    /// The access log's lines, each decoded, as soon as there are so many: a line is written when its answer has left.
    func requests(_ count: Int) async throws -> [[String: any Sendable]] {
        while true {
            let lines = try text.split(separator: "\n").compactMap { line in
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: any Sendable]
                return object?["message"] as? String == "request" ? object : nil
            }
            if lines.count >= count { return lines }
            await Task.yield()
        }
    }
}

/// A blob in a file, or one that only reads; counts how often it was closed.
final class TestBlob: OpenBlob {
    let size: Int64
    let fileDescriptor: CInt?
    private let descriptor: CInt
    private let isAtHand: Bool
    let closed = Atomic<Int>(0)

    /// `size` bytes that follow from `seed`; with `isAtHand` most of them can be read without waiting, in odd pieces.
    init(size: Int, in folder: TemporaryFolder, offersDescriptor: Bool = true, isAtHand: Bool = false) throws {
        let path = folder.file("blob-\(size)-\(offersDescriptor)")
        try TestBlob.content(size).write(to: URL(fileURLWithPath: path))
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.size = Int64(size)
        fileDescriptor = offersDescriptor ? descriptor : nil
        self.isAtHand = isAtHand
    }

    deinit { Glibc.close(descriptor) }

    func read(at offset: Int64, count: Int) async throws -> ByteBuffer { try bytes(at: offset, count: count) }

    func readNow(at offset: Int64, count: Int, into buffer: ReadBuffer) throws -> ByteBuffer? {
        guard isAtHand, offset % 5 != 4 else { return nil }
        return try bytes(at: offset, count: min(count, 100_003))
    }

    private func bytes(at offset: Int64, count: Int) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { memory in
            let read = pread(descriptor, memory.baseAddress, count, off_t(offset))
            guard read >= 0 else { throw BlobStoreError.failed("pread") }
            return read
        }
        return buffer
    }

    func close() { closed.add(1, ordering: .relaxed) }

    static func content(_ size: Int) -> Data {
        var state: UInt64 = 42
        // A block of a prime length, again and again: bytes in the wrong place are the wrong bytes.
        var block = Data(capacity: 65_528)
        while block.count < 65_521 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            withUnsafeBytes(of: state) { block.append(contentsOf: $0) }
        }
        block = block.prefix(65_521)
        var data = Data(capacity: size + block.count)
        while data.count < size { data.append(block) }
        return data.prefix(size)
    }
}
