import AWSCore
import Stores

/// A row of the table of instance profiles.
struct InstanceProfileRecord: Sendable {
    let id: String
    let account: AccountID
    let name: String
    let path: String
    let roleID: String?
    let createdAt: Timestamp
}

/// The SQL of instance profiles.
enum InstanceProfileRecords {
    private static let columns: SQL = "id, account, name, path, role_id, created_at"

    /// The profile of this name, in any case of letters; nil when there is none.
    static func find(_ name: String, in account: AccountID, _ transaction: any ReadTransaction) throws -> InstanceProfileRecord? {
        try transaction.first(
            "SELECT \(sql: columns) FROM instance_profiles WHERE account = \(account.description) AND name_key = \(name.lowercased())", record)
    }

    /// Up to `limit` profiles whose names come after `name` in lower case, those only whose path begins with `prefix`.
    static func list(
        in account: AccountID, pathPrefix prefix: String, after name: String, limit: Int, _ transaction: any ReadTransaction
    ) throws -> [InstanceProfileRecord] {
        try transaction.rows(
            """
            SELECT \(sql: columns) FROM instance_profiles
            WHERE account = \(account.description) AND name_key > \(name) AND substr(path, 1, \(prefix.utf8.count)) = \(prefix)
            ORDER BY name_key LIMIT \(limit)
            """, record)
    }

    /// Up to `limit` profiles with this role whose names come after `name` in lower case.
    static func list(withRole roleID: String, after name: String, limit: Int, _ transaction: any ReadTransaction) throws -> [InstanceProfileRecord] {
        try transaction.rows(
            """
            SELECT \(sql: columns) FROM instance_profiles WHERE role_id = \(roleID) AND name_key > \(name) ORDER BY name_key LIMIT \(limit)
            """, record)
    }

    /// Adds a profile. A name that is taken in any case of letters is a unique violation.
    static func insert(_ record: InstanceProfileRecord, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO instance_profiles (id, account, name, name_key, path, role_id, created_at)
            VALUES (\(record.id), \(record.account.description), \(record.name), \(record.name.lowercased()), \(record.path),
                \(optional: record.roleID), \(record.createdAt))
            """)
    }

    static func setRole(_ roleID: String?, of id: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute("UPDATE instance_profiles SET role_id = \(optional: roleID) WHERE id = \(id)")
    }

    static func delete(id: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute("DELETE FROM instance_profiles WHERE id = \(id)")
    }

    private static func record(_ row: any Row) throws -> InstanceProfileRecord {
        guard let account = AccountID(row.text(1)) else { throw DatabaseError.other("instance_profiles row \(row.text(0)) holds an invalid account") }
        return InstanceProfileRecord(
            id: row.text(0), account: account, name: row.text(2), path: row.text(3), roleID: row.optionalText(4), createdAt: row.timestamp(5))
    }
}
