import AWSCore
import Stores

/// Another name for a key.
package struct Alias: Hashable, Sendable {
    /// With `alias/` before it.
    package let name: String
    package let keyID: String
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
}

extension KeyRing {
    /// Gives a key of this account and region another name. Throws `alreadyExists`, `invalidState`, `limitExceeded`.
    package func createAlias(_ name: String, of key: Key) async throws {
        let (ring, limit) = (self, limits.aliasesPerKey)
        do {
            try await change(key) { transaction, key in
                try key.requireNotPendingDeletion()
                try transaction.insertAlias(name, of: key, in: ring)
                guard try transaction.aliases(of: key).count <= limit else {
                    throw KeyFailure(.limitExceeded, "\(key.arn) has \(limit) aliases, as many as it may.")
                }
            }
        } catch DatabaseError.uniqueViolation {
            throw KeyFailure(.alreadyExists, "An alias with the name \(arn(name)) already exists")
        }
    }

    /// Has the alias name another key of this account and region. Throws `notFound`, `invalidState`, `limitExceeded`.
    package func updateAlias(_ name: String, to key: Key) async throws {
        let (ring, limit) = (self, limits.aliasesPerKey)
        try await change(key) { transaction, key in
            try key.requireNotPendingDeletion()
            let changed = try transaction.execute(
                """
                UPDATE kms_aliases SET key_id = \(key.id), updated_at = \(transaction.now)
                WHERE account = \(ring.account.description) AND region = \(ring.region.description) AND name = \(name)
                """)
            guard changed == 1 else { throw KeyName.alias(name, account: ring.account, region: ring.region).absence }
            guard try transaction.aliases(of: key).count <= limit else {
                throw KeyFailure(.limitExceeded, "\(key.arn) has \(limit) aliases, as many as it may.")
            }
        }
    }

    /// Removes an alias. Throws `notFound`.
    package func deleteAlias(_ name: String) async throws {
        let ring = self
        try await database.write { transaction in
            let changed = try transaction.execute(
                """
                DELETE FROM kms_aliases
                WHERE account = \(ring.account.description) AND region = \(ring.region.description) AND name = \(name)
                """)
            guard changed == 1 else { throw KeyName.alias(name, account: ring.account, region: ring.region).absence }
        }
    }

    /// Aliases after `cursor` by name, those of `key` alone when one is given.
    package func aliases(of key: Key?, after cursor: String?, limit: Int) async throws -> Page<Alias, String> {
        let ring = self
        let found = try await database.read { try $0.aliases(of: ring, keyID: key?.id, after: cursor ?? "", limit: limit + 1) }
        return Page(found, limit: limit) { $0.name }
    }
}

extension ReadTransaction {
    /// All aliases of a key.
    func aliases(of key: Key) throws -> [Alias] {
        try rows("SELECT name, key_id, created_at, updated_at FROM kms_aliases WHERE key_id = \(key.id) ORDER BY name", Alias.init)
    }

    fileprivate func aliases(of ring: KeyRing, keyID: String?, after name: String, limit: Int) throws -> [Alias] {
        let ofKey: SQL = keyID.map { "AND key_id = \($0)" } ?? ""
        return try rows(
            """
            SELECT name, key_id, created_at, updated_at FROM kms_aliases
            WHERE account = \(ring.account.description) AND region = \(ring.region.description) AND name > \(name) \(sql: ofKey)
            ORDER BY name LIMIT \(limit)
            """, Alias.init)
    }
}

extension WriteTransaction {
    /// Adds an alias. A name that is taken is a unique violation.
    func insertAlias(_ name: String, of key: Key, in ring: KeyRing) throws {
        try execute(
            """
            INSERT INTO kms_aliases (account, region, name, key_id, created_at, updated_at)
            VALUES (\(ring.account.description), \(ring.region.description), \(name), \(key.id), \(now), \(now))
            """)
    }
}

extension Alias {
    fileprivate init(_ row: any Row) {
        self.init(name: row.text(0), keyID: row.text(1), createdAt: row.timestamp(2), updatedAt: row.timestamp(3))
    }
}
