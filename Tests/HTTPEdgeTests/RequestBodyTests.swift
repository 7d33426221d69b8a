import Crypto
import DistributionAPI
import Foundation
import HTTPEdge
import NIOCore
import Stores
import Synchronization
import TestSupport
import Testing

/// Bodies on their way in.
@Suite struct RequestBodyTests {
    /// Backends that refuse `/v2/refused`, read all of any other body, and answer its hash or the error that came.
    private static let backends: Backends = {
        var backends = Sample.backends
        backends.distribution = { request in
            if request.path == "/v2/refused" {
                return DistributionResponse(status: .forbidden, body: .bytes(ByteBuffer(string: "refused")), action: "ecr:Refused")
            }
            var hash = SHA256()
            do {
                for try await bytes in request.body { bytes.withUnsafeReadableBytes { hash.update(bufferPointer: $0) } }
            } catch {
                return DistributionResponse(status: .badRequest, body: .bytes(ByteBuffer(string: "\(error)")), action: "ecr:\(error)")
            }
            let text = hash.finalize().map { String(format: "%02x", $0) }.joined()
            return DistributionResponse(status: .ok, body: .bytes(ByteBuffer(string: text)))
        }
        return backends
    }()

    private func backends() -> Backends { Self.backends }

    private func file(_ size: Int, _ folder: TemporaryFolder) throws -> (path: String, hash: String) {
        let content = TestBlob.content(size)
        let path = folder.file("upload")
        try content.write(to: URL(fileURLWithPath: path))
        return (path, SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined())
    }

    @Test func bodiesStream() async throws {
        let folder = try TemporaryFolder()
        let upload = try file((64 << 20) + 1, folder)
        try await withEdge(Sample.configuration, backends()) { edge async throws in
            #expect(try await curl("-H", "Expect:", "-T", upload.path, "\(edge.url)/v2/x").output == upload.hash)
            #expect(try await curl("-H", "Expect:", "-H", "Transfer-Encoding: chunked", "-T", upload.path, "\(edge.url)/v2/x").output == upload.hash)
            #expect(try await edge.log.requests(2).map { $0["bytes-in"] as? Int } == [(64 << 20) + 1, (64 << 20) + 1])
        }
    }

    @Test(arguments: ["--http1.1", "--http2"])
    func bodiesStreamOverTLS(version: String) async throws {
        let folder = try TemporaryFolder()
        let upload = try file(20 << 20, folder)
        let certificate = try await TestCertificate(in: folder)
        var configuration = Sample.configuration
        configuration.tls = [ListenAddress(host: "127.0.0.1", port: 0)]
        configuration.certificate = certificate.files
        try await withEdge(configuration, backends()) { edge async throws in
            let result = try await curl(
                version, "--cacert", certificate.files.certificate, "-H", "Expect: 100-continue", "-T", upload.path, "\(edge.tlsURL)/v2/x")
            #expect(result.output == upload.hash)
            let refused = try await curl(version, "-i", "--cacert", certificate.files.certificate, "-T", upload.path, "\(edge.tlsURL)/v2/refused")
            #expect(refused.output.contains(" 403"))
        }
    }

    @Test func continueIsSentOnceTheBodyIsWanted() async throws {
        let folder = try TemporaryFolder()
        let upload = try file(5 << 20, folder)
        try await withEdge(Sample.configuration, backends()) { edge async throws in
            let accepted = try await curl("-v", "-H", "Expect: 100-continue", "--expect100-timeout", "300", "-T", upload.path, "\(edge.url)/v2/x")
            #expect(accepted.output == upload.hash)
            #expect(accepted.errors.contains("HTTP/1.1 100 Continue"))
        }
    }

    @Test func refusedUploadsSendNoBody() async throws {
        let folder = try TemporaryFolder()
        let upload = try file(5 << 20, folder)
        try await withEdge(Sample.configuration, backends()) { edge async throws in
            let refused = try await curl(
                "-v", "-H", "Expect: 100-continue", "--expect100-timeout", "300", "-w", " %{size_upload}", "-T", upload.path, "\(edge.url)/v2/refused"
            )
            #expect(refused.output == "refused 0")
            #expect(!refused.errors.contains("100 Continue"))
            #expect(refused.errors.lowercased().contains("connection: close"))
            // The server ends the connection by itself.
            let answer = try await exchange(
                edge.port, "PUT /v2/refused HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 403") && answer.hasSuffix("refused"))
        }
    }

    @Test func refusalsReachClientsThatSendAllTheSame() async throws {
        let folder = try TemporaryFolder()
        let upload = try file(64 << 20, folder)
        try await withEdge(Sample.configuration, backends()) { edge async throws in
            let refused = try await curl("-H", "Expect:", "-T", upload.path, "\(edge.url)/v2/refused")
            #expect(refused.output == "refused")
        }
    }

    @Test func smallRemaindersKeepTheConnection() async throws {
        try await withEdge(Sample.configuration, backends()) { edge async throws in
            let answers = try await withConnection(edge.port) { connection async throws in
                try await connection.send("PUT /v2/refused HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
                try await connection.send("PUT /v2/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello")
                return await connection.readToEnd()
            }
            #expect(answers.contains("HTTP/1.1 403") && answers.contains("HTTP/1.1 200"))
            #expect(answers.contains("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"))
        }
    }

    @Test(arguments: [
        "Content-Length: 1000\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ])
    func brokenBodiesAreErrors(rest: String) async throws {
        try await withEdge(Sample.configuration, backends()) { edge async throws in
            try await withConnection(edge.port) { connection async throws in
                try await connection.send("PUT /v2/x HTTP/1.1\r\nHost: x\r\n\(rest)")
                connection.outbound.finish()
                try await connection.channel.close(mode: .output)
                _ = await connection.readToEnd()
            }
            let lines = try await edge.log.requests(1)
            #expect(lines[0]["status"] as? Int == 400)
            #expect(lines[0]["action"] as? String != nil)
        }
    }

    /// Never silent for long, but too slow: the deadline of idle connections does not see it.
    @Test func slowSendersAreCutOff() async throws {
        var configuration = Sample.configuration
        configuration.limits.slowSenderGrace = .milliseconds(100)
        configuration.limits.slowestSender = 1 << 40
        try await withEdge(configuration, backends()) { edge async throws in
            try await withConnection(edge.port) { connection async throws in
                try await connection.send("PUT /v2/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
                for _ in 0..<1000 where !edge.metrics.text.contains(#"action="ecr:tooSlow",status="400""#) {
                    // One byte for each request of another client, until the server has closed.
                    try? await connection.send("x")
                    _ = try await curl("\(edge.url)/livez")
                }
                let answer = await connection.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 400") && answer.contains("tooSlow"), "\(answer)")
            }
        }
    }

    @Test func dawdlersAreCutOff() async throws {
        var configuration = Sample.configuration
        configuration.limits.idle = .milliseconds(200)
        try await withEdge(configuration, backends()) { edge async throws in
            let answer = try await exchange(edge.port, "PUT /v2/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
            #expect(!answer.contains("200 OK"))
            let silent = try await exchange(edge.port, "")
            #expect(silent.isEmpty)
        }
    }

    /// Bytes of a header keep no connection open by themselves: it is idle until a request has come.
    @Test func headersWithoutEndAreCutOff() async throws {
        var configuration = Sample.configuration
        configuration.limits.idle = .milliseconds(300)
        try await withEdge(configuration, backends()) { edge async throws in
            try await withConnection(edge.port) { connection async throws in
                try await connection.send("GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: ")
                await #expect(throws: (any Error).self) {
                    for _ in 0..<400 {
                        try await connection.send("x")
                        try await Task.sleep(for: .milliseconds(25))
                    }
                }
            }
        }
    }
}
