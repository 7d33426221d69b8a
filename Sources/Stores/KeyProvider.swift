/// Seals small secrets (access keys, token keys) so that the database alone does not give them away.
package protocol KeyProvider: Sendable {
    /// `plaintext` sealed for `purpose`, which `unseal` must name again; authenticated, different at every call.
    func seal(_ plaintext: [UInt8], for purpose: String) throws -> [UInt8]

    /// What was sealed; throws `SealError` when the bytes, the purpose or the key is not the one.
    func unseal(_ sealed: [UInt8], for purpose: String) throws -> [UInt8]

    /// False of what should be sealed again, since there is a newer key.
    func isCurrent(_ sealed: [UInt8], for purpose: String) -> Bool
}

extension KeyProvider {
    package func isCurrent(_ sealed: [UInt8], for purpose: String) -> Bool { true }
}

/// A sealed secret could not be opened: wrong root key, wrong purpose, or altered bytes.
package struct SealError: Error, Hashable {
    package init() {}
}
