import Stores

extension IdentityServices {
    /// Seals the secrets of access keys and the keys of tokens anew where there is a newer key to seal them under; how many there were.
    package func rewrapSecrets() async throws -> Int {
        let keys = keys
        return try await database.write { transaction in
            var count = 0
            func rewrap(_ table: SQL, _ purpose: (String) -> String) throws {
                let rows = try transaction.rows("SELECT id, secret FROM \(sql: table)") { ($0.text(0), $0.bytes(1)) }
                for (id, secret) in rows where !keys.isCurrent(secret, for: purpose(id)) {
                    let new = try keys.seal(keys.unseal(secret, for: purpose(id)), for: purpose(id))
                    try transaction.execute("UPDATE \(sql: table) SET secret = \(new) WHERE id = \(id)")
                    count += 1
                }
            }
            try rewrap("access_keys", AccessKeys.purpose)
            try rewrap("token_keys", TokenKeys.purpose)
            return count
        }
    }
}
