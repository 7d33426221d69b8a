import Stores

/// The SQL of inline policies.
enum InlinePolicyRecords {
    /// The policies of all these entities, each with its name.
    static func documents(of entities: [String], _ transaction: any ReadTransaction) throws -> [(name: String, document: String)] {
        try transaction.rows("SELECT name, document FROM inline_policies WHERE entity_id IN \(list: entities)") { ($0.text(0), $0.text(1)) }
    }

    static func find(_ name: String, of entity: String, _ transaction: any ReadTransaction) throws -> InlinePolicy? {
        try transaction.first(
            "SELECT name, document FROM inline_policies WHERE entity_id = \(entity) AND name_key = \(name.lowercased())", policy)
    }

    /// The policies of an entity, by name.
    static func list(of entity: String, _ transaction: any ReadTransaction) throws -> [InlinePolicy] {
        try transaction.rows("SELECT name, document FROM inline_policies WHERE entity_id = \(entity) ORDER BY name_key", policy)
    }

    static func put(_ policy: InlinePolicy, to entity: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO inline_policies (entity_id, name_key, name, document)
            VALUES (\(entity), \(policy.name.lowercased()), \(policy.name), \(policy.document))
            ON CONFLICT (entity_id, name_key) DO UPDATE SET name = excluded.name, document = excluded.document
            """)
    }

    /// The number of policies that were deleted: 0 or 1.
    static func delete(_ name: String, of entity: String, _ transaction: any WriteTransaction) throws -> Int {
        try transaction.execute("DELETE FROM inline_policies WHERE entity_id = \(entity) AND name_key = \(name.lowercased())")
    }

    static func exists(of entity: String, _ transaction: any ReadTransaction) throws -> Bool {
        try transaction.first("SELECT name FROM inline_policies WHERE entity_id = \(entity) LIMIT 1") { $0.text(0) } != nil
    }

    private static func policy(_ row: any Row) -> InlinePolicy { InlinePolicy(name: row.text(0), document: row.text(1)) }
}
