import AWSCore
import Stores

/// The SQL of which managed policies entities have.
enum AttachmentRecords {
    /// The ARNs of the policies of all these entities, each once, in order.
    static func policies(of entities: [String], _ transaction: any ReadTransaction) throws -> [String] {
        let found = try transaction.rows("SELECT policy_arn FROM attachments WHERE entity_id IN \(list: entities)") { $0.text(0) }
        return Set(found).sorted()
    }

    /// Up to `limit` entities of `account` that have a policy attached, whose unique ids come after `id`.
    static func entities(
        of arn: String, in account: AccountID, after id: String, limit: Int, _ transaction: any ReadTransaction
    ) throws -> [Entity] {
        try transaction.rows(
            """
            SELECT e.id, e.account, e.kind, e.name, e.path, e.boundary, e.created_at FROM attachments a JOIN entities e ON e.id = a.entity_id
            WHERE a.policy_arn = \(arn) AND a.entity_id > \(id) AND e.account = \(account.description) ORDER BY a.entity_id LIMIT \(limit)
            """, EntityRecords.entity)
    }

    /// Up to `limit` entities of `account` that a policy bounds, whose unique ids come after `id`.
    static func boundedEntities(
        by arn: String, in account: AccountID, after id: String, limit: Int, _ transaction: any ReadTransaction
    ) throws -> [Entity] {
        try transaction.rows(
            """
            SELECT id, account, kind, name, path, boundary, created_at FROM entities
            WHERE boundary = \(arn) AND id > \(id) AND account = \(account.description) ORDER BY id LIMIT \(limit)
            """, EntityRecords.entity)
    }

    /// How many entities of `account` have a policy attached, and how many it bounds.
    static func count(of arn: String, in account: AccountID, _ transaction: any ReadTransaction) throws -> (attached: Int, bounded: Int) {
        let attached = try transaction.first(
            """
            SELECT COUNT(*) FROM attachments a JOIN entities e ON e.id = a.entity_id
            WHERE a.policy_arn = \(arn) AND e.account = \(account.description)
            """
        ) { $0.integer(0) }
        let bounded = try transaction.first(
            "SELECT COUNT(*) FROM entities WHERE boundary = \(arn) AND account = \(account.description)"
        ) { $0.integer(0) }
        return (Int(attached ?? 0), Int(bounded ?? 0))
    }

    static func insert(_ arn: String, to entity: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute("INSERT INTO attachments (entity_id, policy_arn) VALUES (\(entity), \(arn)) ON CONFLICT DO NOTHING")
    }

    /// The number of attachments that were deleted: 0 or 1.
    static func delete(_ arn: String, of entity: String, _ transaction: any WriteTransaction) throws -> Int {
        try transaction.execute("DELETE FROM attachments WHERE entity_id = \(entity) AND policy_arn = \(arn)")
    }
}
