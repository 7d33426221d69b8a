import AWSCore
import Foundation
import Testing
@_spi(FixedExpiryValidationTime) import X509

@testable import berth

@Suite struct CertificateTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func withFolder(_ body: (DataFolder) async throws -> Void) async throws {
        let folder = DataFolder(path: NSTemporaryDirectory() + "berth-\(UUID().uuidString)")
        try folder.create()
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        try await body(folder)
    }

    private func certificate(_ path: String) throws -> Certificate {
        try Certificate(pemEncoded: String(contentsOfFile: path, encoding: .utf8))
    }

    private func accepts(_ folder: DataFolder, host: String, at date: Date) async throws -> Bool {
        var verifier = Verifier(rootCertificates: CertificateStore([try certificate(folder.authorityCertificate)])) {
            RFC5280Policy(fixedExpiryValidationTime: date)
            ServerIdentityPolicy(serverHostname: host, serverIP: nil)
        }
        let result = await verifier.validate(leaf: try certificate(folder.serverCertificate), intermediates: CertificateStore())
        if case .validCertificate = result { return true }
        return false
    }

    @Test func clientsThatTrustTheAuthorityAcceptTheServerUnderItsNames() async throws {
        let region = try #require(Region("eu-west-1"))
        try await withFolder { folder in
            let names = ServerName.loopback + ServerName.amazon(region) + [ServerName(text: "images.example.com")]
            #expect(try issueCertificate(for: names, in: folder, now: now).madeAuthority)
            let soon = now.addingTimeInterval(60)
            for host in [
                "localhost", "123456789012.dkr.ecr.eu-west-1.amazonaws.com", "api.ecr.eu-west-1.amazonaws.com", "kms.eu-west-1.amazonaws.com",
                "images.example.com",
            ] {
                let accepted = try await accepts(folder, host: host, at: soon)
                #expect(accepted, "\(host)")
            }
            let other = try await accepts(folder, host: "other.example.com", at: soon)
            #expect(!other)
            let later = try await accepts(folder, host: "localhost", at: now.addingTimeInterval(398 * 24 * 3600))
            #expect(!later)
        }
    }

    @Test func addressesAreEntriesOfTheirOwnKind() async throws {
        try await withFolder { folder in
            _ = try issueCertificate(for: ServerName.loopback, in: folder, now: now)
            let names = try #require(try certificate(folder.serverCertificate).extensions.subjectAlternativeNames)
            let addresses = names.compactMap { name -> [UInt8]? in if case .ipAddress(let bytes) = name { Array(bytes.bytes) } else { nil } }
            #expect(addresses == [[127, 0, 0, 1], [UInt8](repeating: 0, count: 15) + [1]])
        }
    }

    @Test func aSecondCertificateIsOfTheSameAuthority() async throws {
        try await withFolder { folder in
            _ = try issueCertificate(for: ServerName.loopback, in: folder, now: now)
            let authority = try certificate(folder.authorityCertificate)
            let first = try certificate(folder.serverCertificate)
            #expect(try !issueCertificate(for: ServerName.loopback, in: folder, now: now).madeAuthority)
            #expect(try certificate(folder.authorityCertificate) == authority)
            #expect(try certificate(folder.serverCertificate) != first)
            let accepted = try await accepts(folder, host: "localhost", at: now)
            #expect(accepted)
            for file in [folder.authorityKey, folder.serverKey] {
                #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600, "\(file)")
            }
        }
    }
}
