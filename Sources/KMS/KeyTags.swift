import Stores

/// A tag on a key.
package struct KeyTag: Hashable, Sendable {
    package let key: String
    package let value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}

extension KeyRing {
    /// Adds tags to a key, or replaces their values. Throws `invalidState`, `limitExceeded`.
    package func add(_ tags: [KeyTag], to key: Key) async throws {
        let limit = limits.tagsPerKey
        try await change(key) { transaction, key in
            try key.requireNotPendingDeletion()
            try transaction.put(tags, on: key)
            guard try transaction.tags(of: key).count <= limit else {
                throw KeyFailure(.limitExceeded, "\(key.arn) has \(limit) tags, as many as it may.")
            }
        }
    }

    /// Removes tags of a key; those that it does not have are no error. Throws `invalidState`.
    package func remove(tags names: [String], from key: Key) async throws {
        try await change(key) { transaction, key in
            try key.requireNotPendingDeletion()
            for name in names { try transaction.execute("DELETE FROM kms_tags WHERE key_id = \(key.id) AND name = \(name)") }
        }
    }
}

extension ReadTransaction {
    func tags(of key: Key) throws -> [KeyTag] {
        try rows("SELECT name, value FROM kms_tags WHERE key_id = \(key.id) ORDER BY name") { KeyTag(key: $0.text(0), value: $0.text(1)) }
    }
}

extension WriteTransaction {
    func put(_ tags: [KeyTag], on key: Key) throws {
        for tag in tags {
            try execute(
                """
                INSERT INTO kms_tags (key_id, name, value) VALUES (\(key.id), \(tag.key), \(tag.value))
                ON CONFLICT (key_id, name) DO UPDATE SET value = excluded.value
                """)
        }
    }
}
