import AWSCore
import Crypto
import DistributionAPI
import Foundation
import HTTPEdge
import NIOCore
import OCI
import Stores
import Synchronization
import TestSupport
import Testing

@testable import RegistryCore

/// Blobs on every way out.
@Suite struct BlobDeliveryTests {
    private static let size = (64 << 20) + 4321

    /// Backends that serve `blob` at `/v2/blob`, or the part that `Range: bytes=a-b` names.
    static func serving(_ blob: TestBlob) -> Backends {
        var backends = Sample.backends
        backends.distribution = { request in
            let range = request.headers[.range].flatMap(ByteRange.init(header:))?.within(blob.size) ?? 0..<blob.size
            let isHead = request.method == .head
            if isHead { blob.close() }
            return DistributionResponse(
                status: range.count == Int(blob.size) ? .ok : .partialContent,
                headers: [.contentLength: String(range.count), .contentType: "application/octet-stream"],
                body: isHead ? .none : .blob(blob, range), action: "ecr:BatchGetImage")
        }
        return backends
    }

    private static func hash(_ data: Data) -> String { SHA256.hash(data: data).map { String(format: "%02x", $0) }.joined() }

    /// By sendfile, read while the client waits, and read at once where possible.
    enum Way: CaseIterable { case file, pieces, atHand }

    @Test(arguments: Way.allCases, [4096, 256 << 10, (256 << 10) + 1, size])
    func plain(_ way: Way, size: Int) async throws {
        let folder = try TemporaryFolder()
        let blob = try TestBlob(size: size, in: folder, offersDescriptor: way == .file, isAtHand: way == .atHand)
        try await withEdge(Sample.configuration, Self.serving(blob)) { edge async throws in
            #expect(try await sha256(ofCurl: "\(edge.url)/v2/blob") == Self.hash(TestBlob.content(size)))
            let line = try await edge.log.requests(1)[0]
            #expect(line["bytes-out"] as? Int == size)
        }
        #expect(blob.closed.load(ordering: .relaxed) == 1)
    }

    @Test(arguments: ["--http1.1", "--http2"])
    func overTLS(version: String) async throws {
        let folder = try TemporaryFolder()
        let certificate = try await TestCertificate(in: folder)
        var configuration = Sample.configuration
        configuration.tls = [ListenAddress(host: "127.0.0.1", port: 0)]
        configuration.certificate = certificate.files
        for (size, way) in [(4096, Way.file), (Self.size, .file), (Self.size, .pieces), (Self.size, .atHand)] {
            let blob = try TestBlob(size: size, in: folder, offersDescriptor: way == .file, isAtHand: way == .atHand)
            try await withEdge(configuration, Self.serving(blob)) { edge async throws in
                let arguments = "\(version) --cacert \(certificate.files.certificate) \(edge.tlsURL)/v2/blob"
                #expect(try await sha256(ofCurl: arguments) == Self.hash(TestBlob.content(size)))
                let negotiated = try await curl(
                    version, "--cacert", certificate.files.certificate, "-o", "/dev/null", "-w", "%{http_version}", "\(edge.tlsURL)/livez")
                #expect(negotiated.output == (version == "--http2" ? "2" : "1.1"))
            }
            #expect(blob.closed.load(ordering: .relaxed) == 1)
        }
    }

    @Test func rangesAreOtherIndices() async throws {
        let folder = try TemporaryFolder()
        let blob = try TestBlob(size: 1 << 20, in: folder)
        let content = TestBlob.content(1 << 20)
        try await withEdge(Sample.configuration, Self.serving(blob)) { edge async throws in
            for (header, range) in [("0-0", 0..<1), ("1000-700000", 1000..<700_001), ("-5", (1 << 20) - 5..<1 << 20), ("300000-", 300_000..<1 << 20)]
            {
                #expect(try await sha256(ofCurl: "-r \(header) \(edge.url)/v2/blob") == Self.hash(content[range]), "\(header)")
            }
        }
        #expect(blob.closed.load(ordering: .relaxed) == 4)
    }

    @Test func connectionsServeManyBlobsInTurn() async throws {
        let folder = try TemporaryFolder()
        let blob = try TestBlob(size: 3 << 20, in: folder)
        try await withEdge(Sample.configuration, Self.serving(blob)) { edge async throws in
            let result = try await curl(
                "-o", "/dev/null", "-o", "/dev/null", "-o", "/dev/null", "-w", "%{http_code} %{size_download} %{num_connects}\n",
                "\(edge.url)/v2/blob",
                "\(edge.url)/v2/blob", "\(edge.url)/v2/blob")
            #expect(result.output == "200 3145728 1\n200 3145728 0\n200 3145728 0\n")
            let head = try await curl("-I", "\(edge.url)/v2/blob")
            #expect(head.output.lowercased().contains("content-length: 3145728"))
        }
        #expect(blob.closed.load(ordering: .relaxed) == 4)
    }

    @Test func downloadLinks() async throws {
        let folder = try TemporaryFolder()
        let blob = try TestBlob(size: 500_000, in: folder)
        let content = TestBlob.content(500_000)
        let digest = try #require(Digest("sha256:" + Self.hash(content)))
        var backends = Sample.backends
        backends.openDownload = { token in
            token == "canary-link" ? OpenLayer(layer: Layer(digest: digest, size: blob.size), content: blob) : nil
        }
        try await withEdge(Sample.configuration, backends) { edge async throws in
            #expect(try await sha256(ofCurl: "\(edge.url)/layers/canary-link") == Self.hash(content))
            #expect(try await sha256(ofCurl: "-r 7-9 \(edge.url)/layers/canary-link") == Self.hash(content[7..<10]))
            let beyond = try await curl("-i", "-r", "500000-", "\(edge.url)/layers/canary-link")
            #expect(beyond.output.hasPrefix("HTTP/1.1 416") && beyond.output.lowercased().contains("content-range: bytes */500000"))
            let head = try await curl("-I", "\(edge.url)/layers/canary-link")
            #expect(head.output.hasPrefix("HTTP/1.1 200") && head.output.lowercased().contains("content-length: 500000"))
            #expect(try await curl("-i", "\(edge.url)/layers/forged").output.hasPrefix("HTTP/1.1 403"))
            #expect(try await curl("-i", "-X", "DELETE", "\(edge.url)/layers/canary-link").output.hasPrefix("HTTP/1.1 405"))
            #expect(!edge.log.text.contains("canary-link"))
        }
        #expect(blob.closed.load(ordering: .relaxed) == 4)
    }

    @Test(arguments: [true, false])
    func clientsThatTakeNothingAreCutOff(offersDescriptor: Bool) async throws {
        let folder = try TemporaryFolder()
        let blob = try TestBlob(size: Self.size, in: folder, offersDescriptor: offersDescriptor)
        var configuration = Sample.configuration
        configuration.limits.stalledReader = .milliseconds(300)
        try await withEdge(configuration, Self.serving(blob)) { edge async throws in
            try await withConnection(edge.port) { connection async throws in
                try await connection.channel.setOption(.autoRead, value: false).get()
                try await connection.send("GET /v2/blob HTTP/1.1\r\nHost: x\r\n\r\n")
                while blob.closed.load(ordering: .relaxed) == 0 { await Task.yield() }
            }
            #expect(try await edge.log.requests(1)[0]["broken"] as? String == "true")
        }
    }

    @Test func clientsThatLeaveReleaseTheBlob() async throws {
        let folder = try TemporaryFolder()
        let blob = try TestBlob(size: Self.size, in: folder)
        try await withEdge(Sample.configuration, Self.serving(blob)) { edge async throws in
            try await withConnection(edge.port) { connection async throws in
                try await connection.send("GET /v2/blob HTTP/1.1\r\nHost: x\r\n\r\n")
                _ = try await connection.read(until: "HTTP/1.1 200")
            }
            while blob.closed.load(ordering: .relaxed) == 0 { await Task.yield() }
        }
        #expect(blob.closed.load(ordering: .relaxed) == 1)
    }
}
