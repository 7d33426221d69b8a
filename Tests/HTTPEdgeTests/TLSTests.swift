import Foundation
import HTTPEdge
import NIOCore
import TestSupport
import Testing

@Suite struct TLSTests {
    private func configuration(_ certificate: TestCertificate) -> EdgeConfiguration {
        var configuration = Sample.configuration
        configuration.tls = [ListenAddress(host: "127.0.0.1", port: 0)]
        configuration.certificate = certificate.files
        configuration.limits.certificateCheck = .milliseconds(50)
        return configuration
    }

    private func subject(_ edge: LiveEdge) async throws -> String {
        try await run("/bin/sh", ["-c", "openssl s_client -connect 127.0.0.1:\(edge.tlsPort) </dev/null 2>/dev/null | grep -a '^subject='"]).output
    }

    @Test func certificatesAreReadAgainWhenTheyChange() async throws {
        let folder = try TemporaryFolder()
        let certificate = try await TestCertificate(in: folder, name: "first")
        try await withEdge(configuration(certificate)) { edge async throws in
            #expect(try await subject(edge).contains("first"))
            try await TestCertificate.make(certificate.files, name: "second")
            var seen = try await subject(edge)
            for _ in 0..<100 where !seen.contains("second") { seen = try await subject(edge) }
            #expect(seen.contains("second"))
            // What cannot be read leaves the last good one in place.
            try "rubbish".write(toFile: certificate.files.certificate, atomically: true, encoding: .utf8)
            for _ in 0..<100 where !edge.log.text.contains("certificate not loaded") { _ = try await subject(edge) }
            #expect(try await subject(edge).contains("second"))
            #expect(edge.log.text.contains("certificate not loaded"))
        }
    }

    @Test func versionsBeforeOneTwoAreRefused() async throws {
        let folder = try TemporaryFolder()
        let certificate = try await TestCertificate(in: folder)
        try await withEdge(configuration(certificate)) { edge async throws in
            let url = "\(edge.tlsURL)/livez"
            let old = try await curl("--cacert", certificate.files.certificate, "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0", url)
            #expect(old.status != 0)
            let good = try await curl("--cacert", certificate.files.certificate, "--tls-max", "1.2", url)
            #expect(good.output == "ok\n")
        }
    }

    @Test func handshakesMustBeMadeInTime() async throws {
        let folder = try TemporaryFolder()
        let certificate = try await TestCertificate(in: folder)
        var configuration = configuration(certificate)
        configuration.limits.handshake = .milliseconds(100)
        try await withEdge(configuration) { edge async throws in
            #expect(try await exchange(edge.tlsPort, "").isEmpty)
        }
    }

    @Test func originsSayHTTPS() async throws {
        let folder = try TemporaryFolder()
        let certificate = try await TestCertificate(in: folder)
        try await withEdge(configuration(certificate)) { edge async throws in
            let result = try await curl("--cacert", certificate.files.certificate, "\(edge.tlsURL)/v2/")
            #expect(result.output.hasSuffix(" \(edge.tlsURL) true"))
        }
    }

    @Test func missingCertificatesAreAnError() async throws {
        var configuration = Sample.configuration
        configuration.tls = [ListenAddress(host: "127.0.0.1", port: 0)]
        configuration.certificate = CertificateFiles(certificate: "/nonexistent.crt", key: "/nonexistent.key")
        let broken = configuration
        await #expect(throws: (any Error).self) { try await withEdge(broken) { _ in } }
    }
}
