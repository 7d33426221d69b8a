import Stores

/// A row of the table of roles: what a role has beyond other entities.
struct RoleRecord: Sendable {
    let id: String
    /// As it is evaluated: principals by unique id.
    var trustPolicy: String
    var description: String?
    var maxSessionSeconds: Int
    let service: String?
    let lastUse: Role.Use?
}

/// The SQL of roles.
enum RoleRecords {
    static func find(id: String, _ transaction: any ReadTransaction) throws -> RoleRecord? {
        try transaction.first(
            """
            SELECT id, trust_policy, description, max_session_seconds, service, last_used_at, last_used_region FROM roles WHERE id = \(id)
            """
        ) { row in
            let use = row.optionalTimestamp(5).map { Role.Use(at: $0, region: row.text(6)) }
            return RoleRecord(
                id: row.text(0), trustPolicy: row.text(1), description: row.optionalText(2), maxSessionSeconds: Int(row.integer(3)),
                service: row.optionalText(4), lastUse: use)
        }
    }

    static func insert(_ record: RoleRecord, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO roles (id, trust_policy, description, max_session_seconds, service)
            VALUES (\(record.id), \(record.trustPolicy), \(optional: record.description), \(record.maxSessionSeconds), \(optional: record.service))
            """)
    }

    /// Writes all but the last use.
    static func update(_ record: RoleRecord, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            UPDATE roles SET trust_policy = \(record.trustPolicy), description = \(optional: record.description),
                max_session_seconds = \(record.maxSessionSeconds)
            WHERE id = \(record.id)
            """)
    }

    static func delete(id: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute("DELETE FROM roles WHERE id = \(id)")
    }
}
