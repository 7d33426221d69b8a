import Stores

/// The SQL of tags; `owner` is the unique id of an entity or policy, or the ARN of something else of IAM.
enum TagRecords {
    /// The tags of `owner`, by key.
    static func list(of owner: String, _ transaction: any ReadTransaction) throws -> [IAMTag] {
        try transaction.rows("SELECT key, value FROM iam_tags WHERE owner = \(owner) ORDER BY key_fold") { row in
            IAMTag(key: row.text(0), value: row.text(1))
        }
    }

    static func put(_ tag: IAMTag, to owner: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO iam_tags (owner, key_fold, key, value) VALUES (\(owner), \(tag.key.lowercased()), \(tag.key), \(tag.value))
            ON CONFLICT (owner, key_fold) DO UPDATE SET key = excluded.key, value = excluded.value
            """)
    }

    static func delete(_ key: String, of owner: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute("DELETE FROM iam_tags WHERE owner = \(owner) AND key_fold = \(key.lowercased())")
    }

    static func deleteAll(of owner: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute("DELETE FROM iam_tags WHERE owner = \(owner)")
    }
}
