import Crypto

/// Derives signing keys and remembers the ones in use: four of the five HMACs of a check.
struct SigningKeys: Sendable {
    private struct Entry {
        let secret: String
        let key: SymmetricKey
    }

    private struct Purpose: Hashable {
        let accessKeyID: String
        let scope: CredentialScope
    }

    private let entries: BoundedCache<Purpose, Entry>

    init(capacity: Int) { entries = BoundedCache(capacity: capacity) }

    /// The key of `secret` for `scope`.
    func key(_ accessKeyID: String, secret: String, scope: CredentialScope) -> SymmetricKey {
        let purpose = Purpose(accessKeyID: accessKeyID, scope: scope)
        if let entry = entries[purpose], entry.secret == secret { return entry.key }
        let key = Self.derive(secret: secret, scope: scope)
        entries[purpose] = Entry(secret: secret, key: key)
        return key
    }

    static func derive(secret: String, scope: CredentialScope) -> SymmetricKey {
        var key = SymmetricKey(data: Array("AWS4\(secret)".utf8))
        for part in [scope.day, scope.region, scope.service, CredentialScope.terminator] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        return key
    }
}
