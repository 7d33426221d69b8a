import AWSCore
import Stores

/// A row of the table of access keys.
struct AccessKeyRecord: Sendable {
    let id: String
    let account: String
    /// The unique id of whose key it is: the account id for root.
    let principal: String
    /// Sealed.
    let secret: [UInt8]
    let isActive: Bool
}

/// The SQL of access keys.
enum AccessKeyRecords {
    static func find(_ id: String, _ transaction: any ReadTransaction) throws -> AccessKeyRecord? {
        try transaction.first("SELECT id, account, principal, secret, is_active FROM access_keys WHERE id = \(id)") { row in
            AccessKeyRecord(id: row.text(0), account: row.text(1), principal: row.text(2), secret: row.bytes(3), isActive: row.bool(4))
        }
    }

    /// True when the key is there, active, and this principal's.
    static func isActive(_ id: String, account: AccountID, principal: String, _ transaction: any ReadTransaction) throws -> Bool {
        let found = try transaction.first(
            """
            SELECT is_active FROM access_keys
            WHERE id = \(id) AND account = \(account.description) AND principal = \(principal)
            """
        ) { $0.bool(0) }
        return found ?? false
    }

    /// The keys of a principal, by id.
    static func list(account: AccountID, principal: String, _ transaction: any ReadTransaction) throws -> [AccessKeyStatus] {
        try transaction.rows(
            """
            SELECT id, is_active, created_at FROM access_keys WHERE account = \(account.description) AND principal = \(principal) ORDER BY id
            """
        ) { AccessKeyStatus(id: $0.text(0), isActive: $0.bool(1), createdAt: $0.timestamp(2)) }
    }

    static func insert(_ record: AccessKeyRecord, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO access_keys (id, account, principal, secret, is_active, created_at)
            VALUES (\(record.id), \(record.account), \(record.principal), \(record.secret), \(record.isActive), \(transaction.now))
            """)
    }

    /// The number of keys of this principal that were changed: 0 or 1.
    static func setActive(
        _ isActive: Bool, _ id: String, account: AccountID, principal: String, _ transaction: any WriteTransaction
    ) throws -> Int {
        try transaction.execute(
            """
            UPDATE access_keys SET is_active = \(isActive)
            WHERE id = \(id) AND account = \(account.description) AND principal = \(principal)
            """)
    }

    /// The number of keys of this principal that were deleted: 0 or 1.
    static func delete(_ id: String, account: AccountID, principal: String, _ transaction: any WriteTransaction) throws -> Int {
        try transaction.execute(
            "DELETE FROM access_keys WHERE id = \(id) AND account = \(account.description) AND principal = \(principal)")
    }

    static func deleteAll(account: AccountID, principal: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute("DELETE FROM access_keys WHERE account = \(account.description) AND principal = \(principal)")
    }
}
