import Foundation
import HTTPEdge
import TestSupport

/// A self-signed certificate for localhost in files, made by openssl.
struct TestCertificate: Sendable {
    let files: CertificateFiles

    init(in folder: TemporaryFolder, name: String = "localhost") async throws {
        files = CertificateFiles(certificate: folder.file("server.crt"), key: folder.file("server.key"))
        try await Self.make(files, name: name)
    }

    /// Puts another certificate into the same files.
    static func make(_ files: CertificateFiles, name: String) async throws {
        let result = try await run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3", "-keyout", files.key, "-out",
                files.certificate, "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            ])
        guard result.status == 0 else { throw TestSetupError(result.errors) }
    }
}
