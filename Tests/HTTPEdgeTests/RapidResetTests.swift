import Foundation
import HTTPEdge
import TestSupport
import Testing

/// Streams that are begun and reset at once, without end (CVE-2023-44487).
@Suite struct RapidResetTests {
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private func frame(_ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) -> [UInt8] {
        let length = UInt32(payload.count)
        var bytes = [UInt8(truncatingIfNeeded: length >> 16), UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length)]
        bytes += [type, flags]
        withUnsafeBytes(of: stream.bigEndian) { bytes += $0 }
        return bytes + payload
    }

    /// So many requests for `/`, each of them reset before its answer can come.
    private func attack(_ count: Int) -> [UInt8] {
        // GET, https and / of HPACK's static table; the authority as a literal.
        var request: [UInt8] = [0x82, 0x87, 0x84, 0x41, 9]
        request += Array("localhost".utf8)
        var bytes: [UInt8] = Self.preface
        bytes += frame(4)
        for number in 0..<UInt32(count) {
            bytes += frame(1, flags: 5, stream: 2 * number + 1, request)
            bytes += frame(3, stream: 2 * number + 1, [0, 0, 0, 8])
        }
        return bytes
    }

    @Test func whoResetsWithoutEndIsSentAway() async throws {
        let folder = try TemporaryFolder()
        let certificate = try await TestCertificate(in: folder)
        var configuration = Sample.configuration
        configuration.tls = [ListenAddress(host: "127.0.0.1", port: 0)]
        configuration.certificate = certificate.files
        let file = folder.file("frames")
        try Data(attack(2000)).write(to: URL(filePath: file))
        try await withEdge(configuration) { edge async throws in
            let answer = try await run(
                "/bin/sh",
                [
                    "-c",
                    "timeout 300 openssl s_client -quiet -alpn h2 -connect 127.0.0.1:\(edge.tlsPort) <\(file) 2>/dev/null | od -An -tx1 -v | tr -d ' \\n'",
                ])
            // GOAWAY on stream 0, by ENHANCE_YOUR_CALM; before it answers only to what came before it was too much.
            #expect(answer.output.contains(/0700000000[0-9a-f]{10}0000000b/), "\(answer.output.suffix(200))")
            let good = try await curl("--cacert", certificate.files.certificate, "--http2", "\(edge.tlsURL)/livez")
            #expect(good.output == "ok\n")
        }
    }
}
