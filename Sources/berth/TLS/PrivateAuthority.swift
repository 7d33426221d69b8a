import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate authority of Berth's own, for machines that are told to trust it.
struct PrivateAuthority {
    let certificate: Certificate
    let key: Certificate.PrivateKey

    /// A new authority, good for ten years from `now`.
    static func make(now: Date) throws -> PrivateAuthority {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let serial = Certificate.SerialNumber()
        // The serial number keeps the names of two authorities apart in a trust store.
        let name = try DistinguishedName { CommonName("Berth private CA \(serial.description.prefix(8))") }
        let certificate = try Certificate(
            version: .v3, serialNumber: serial, publicKey: key.publicKey, notValidBefore: now.addingTimeInterval(-Self.clockSkew),
            notValidAfter: now.addingTimeInterval(3650 * Self.day), issuer: name, subject: name,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key)
        return PrivateAuthority(certificate: certificate, key: key)
    }

    /// A certificate for a server under `names`, and its key; good for 397 days from `now`, the most that browsers accept.
    func issue(to names: [ServerName], now: Date) throws -> (certificate: Certificate, key: Certificate.PrivateKey) {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: now.addingTimeInterval(-Self.clockSkew), notValidAfter: now.addingTimeInterval(397 * Self.day),
            issuer: self.certificate.subject, subject: DistinguishedName { CommonName("Berth") },
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(names.map(\.generalName))
                SubjectKeyIdentifier(hash: key.publicKey)
                AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: self.key.publicKey).keyIdentifier)
            },
            issuerPrivateKey: self.key)
        return (certificate, key)
    }

    private static let day: TimeInterval = 24 * 3600
    /// So that a client whose clock is behind accepts a new certificate.
    private static let clockSkew: TimeInterval = 3600
}
