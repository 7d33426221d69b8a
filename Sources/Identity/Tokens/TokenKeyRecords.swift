import Stores

/// A row of the table of token keys.
struct TokenKeyRecord: Sendable {
    let id: String
    /// Sealed.
    let secret: [UInt8]
    let createdAt: Timestamp
}

/// The SQL of token keys.
enum TokenKeyRecords {
    static func find(_ id: String, _ transaction: any ReadTransaction) throws -> TokenKeyRecord? {
        try transaction.first("SELECT id, secret, created_at FROM token_keys WHERE id = \(id)", record)
    }

    static func newest(_ transaction: any ReadTransaction) throws -> TokenKeyRecord? {
        try transaction.first("SELECT id, secret, created_at FROM token_keys ORDER BY created_at DESC, id DESC LIMIT 1", record)
    }

    static func insert(_ record: TokenKeyRecord, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            "INSERT INTO token_keys (id, secret, created_at) VALUES (\(record.id), \(record.secret), \(record.createdAt))")
    }

    static func deleteAll(before moment: Timestamp, _ transaction: any WriteTransaction) throws {
        try transaction.execute("DELETE FROM token_keys WHERE created_at < \(moment)")
    }

    private static func record(_ row: any Row) -> TokenKeyRecord {
        TokenKeyRecord(id: row.text(0), secret: row.bytes(1), createdAt: row.timestamp(2))
    }
}
