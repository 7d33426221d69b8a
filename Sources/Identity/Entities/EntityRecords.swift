import AWSCore
import Stores

/// The SQL of users, groups and roles.
enum EntityRecords {
    private static let columns: SQL = "id, account, kind, name, path, boundary, created_at"

    /// The entity of this name, in any case of letters; nil when there is none.
    static func find(_ kind: Entity.Kind, named name: String, in account: AccountID, _ transaction: any ReadTransaction) throws -> Entity? {
        try transaction.first(
            """
            SELECT \(sql: columns) FROM entities
            WHERE account = \(account.description) AND kind = \(kind.rawValue) AND name_key = \(name.lowercased())
            """, entity)
    }

    /// The entity of this unique id; nil when there is none, or no longer.
    static func find(id: String, _ transaction: any ReadTransaction) throws -> Entity? {
        try transaction.first("SELECT \(sql: columns) FROM entities WHERE id = \(id)", entity)
    }

    /// Up to `limit` entities whose names come after `name` in lower case, those only whose path begins with `prefix`.
    static func list(
        _ kind: Entity.Kind, in account: AccountID, pathPrefix prefix: String, after name: String, limit: Int, _ transaction: any ReadTransaction
    ) throws -> [Entity] {
        try transaction.rows(
            """
            SELECT \(sql: columns) FROM entities
            WHERE account = \(account.description) AND kind = \(kind.rawValue) AND name_key > \(name)
                AND substr(path, 1, \(prefix.utf8.count)) = \(prefix)
            ORDER BY name_key LIMIT \(limit)
            """, entity)
    }

    /// Adds an entity. A name that is taken in any case of letters is a unique violation.
    static func insert(_ entity: Entity, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO entities (id, account, kind, name, name_key, path, boundary, created_at)
            VALUES (\(entity.id), \(entity.account.description), \(entity.kind.rawValue), \(entity.name), \(entity.name.lowercased()),
                \(entity.path), \(optional: entity.boundary), \(entity.createdAt))
            """)
    }

    static func delete(id: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute("DELETE FROM entities WHERE id = \(id)")
    }

    static func rename(id: String, to name: String, path: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            "UPDATE entities SET name = \(name), name_key = \(name.lowercased()), path = \(path) WHERE id = \(id)")
    }

    static func setBoundary(_ arn: String?, id: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute("UPDATE entities SET boundary = \(optional: arn) WHERE id = \(id)")
    }

    static func count(_ kind: Entity.Kind, in account: AccountID, _ transaction: any ReadTransaction) throws -> Int {
        let count = try transaction.first(
            "SELECT COUNT(*) FROM entities WHERE account = \(account.description) AND kind = \(kind.rawValue)"
        ) { $0.integer(0) }
        return Int(count ?? 0)
    }

    static func entity(_ row: any Row) throws -> Entity {
        guard let account = AccountID(row.text(1)), let kind = Entity.Kind(rawValue: row.text(2)) else {
            throw DatabaseError.other("entities row \(row.text(0)) holds an invalid account or kind")
        }
        return Entity(
            id: row.text(0), account: account, kind: kind, name: row.text(3), path: row.text(4), boundary: row.optionalText(5),
            createdAt: row.timestamp(6))
    }
}
