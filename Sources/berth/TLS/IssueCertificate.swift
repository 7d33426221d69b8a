import Foundation
import SwiftASN1
import X509

/// What `issueCertificate` did.
struct IssuedCertificate {
    /// False when the authority was there already, so that who trusts it trusts the new certificate too.
    let madeAuthority: Bool
    let notValidAfter: Date
}

/// Puts a server certificate for `names` into the folder's `tls`, from the authority there, which is made when there is none.
/// A server that uses the files takes up the new ones by itself.
func issueCertificate(for names: [ServerName], in folder: DataFolder, now: Date) throws -> IssuedCertificate {
    try FileManager.default.createDirectory(atPath: folder.tls, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let existing = try authority(in: folder)
    let authority = try existing ?? PrivateAuthority.make(now: now)
    if existing == nil {
        try writePrivately(authority.key.serializeAsPEM().pemString + "\n", to: folder.authorityKey)
        try writePrivately(authority.certificate.serializeAsPEM().pemString + "\n", to: folder.authorityCertificate)
    }
    let (certificate, key) = try authority.issue(to: names, now: now)
    try writePrivately(key.serializeAsPEM().pemString + "\n", to: folder.serverKey)
    try writePrivately(certificate.serializeAsPEM().pemString + "\n", to: folder.serverCertificate)
    return IssuedCertificate(madeAuthority: existing == nil, notValidAfter: certificate.notValidAfter)
}

private func authority(in folder: DataFolder) throws -> PrivateAuthority? {
    guard FileManager.default.fileExists(atPath: folder.authorityKey) else { return nil }
    do {
        let key = try Certificate.PrivateKey(pemEncoded: String(contentsOfFile: folder.authorityKey, encoding: .utf8))
        let certificate = try Certificate(pemEncoded: String(contentsOfFile: folder.authorityCertificate, encoding: .utf8))
        return PrivateAuthority(certificate: certificate, key: key)
    } catch {
        throw Refusal(
            "The authority in \(folder.tls) cannot be read (\(error)). Move ca.crt and ca.key away to have a new one made; "
                + "clients must then trust that one.")
    }
}
