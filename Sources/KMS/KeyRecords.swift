import AWSCore
import Stores

extension ReadTransaction {
    private var columns: SQL {
        """
        id, account, region, owner, state, description, policy, created_at, waiting_days, deletion_at, rotation_days, next_rotation_at, material
        """
    }

    /// The key that `name` means. Throws `notFound`.
    func key(_ name: KeyName) throws -> Key {
        guard let key = try findKey(name) else { throw name.absence }
        return key
    }

    /// The key that `name` means; nil when there is none.
    func findKey(_ name: KeyName) throws -> Key? {
        switch name {
        case .key(let id, let account, let region):
            try first(
                """
                SELECT \(sql: columns) FROM kms_keys WHERE id = \(id) AND account = \(account.description) AND region = \(region.description)
                """, Key.init)
        case .alias(let alias, let account, let region):
            try first(
                """
                SELECT \(sql: columns) FROM kms_keys WHERE id = (SELECT key_id FROM kms_aliases
                    WHERE account = \(account.description) AND region = \(region.description) AND name = \(alias))
                """, Key.init)
        }
    }

    /// The key of this id, wherever it is; nil when there is none.
    func key(id: String) throws -> Key? {
        try first("SELECT \(sql: columns) FROM kms_keys WHERE id = \(id)", Key.init)
    }

    /// Up to `limit` ids of keys of `ring` that come after `id`.
    func keyIDs(of ring: KeyRing, after id: String, limit: Int) throws -> [String] {
        try rows(
            """
            SELECT id FROM kms_keys WHERE account = \(ring.account.description) AND region = \(ring.region.description) AND id > \(id)
            ORDER BY id LIMIT \(limit)
            """
        ) { $0.text(0) }
    }

    /// Up to `limit` keys whose waiting period ended by `moment`.
    func keys(toDeleteBy moment: Timestamp, limit: Int) throws -> [Key] {
        try rows("SELECT \(sql: columns) FROM kms_keys WHERE deletion_at <= \(moment) ORDER BY deletion_at LIMIT \(limit)", Key.init)
    }

    /// Up to `limit` enabled keys that were to be rotated by `moment`.
    func keys(toRotateBy moment: Timestamp, limit: Int) throws -> [Key] {
        try rows(
            """
            SELECT \(sql: columns) FROM kms_keys
            WHERE next_rotation_at <= \(moment) AND state = \(KMSKey.State.enabled.rawValue) ORDER BY next_rotation_at LIMIT \(limit)
            """, Key.init)
    }

    /// How many keys of customers the account has in the region.
    func countKeys(of ring: KeyRing) throws -> Int {
        try first(
            """
            SELECT COUNT(*) FROM kms_keys WHERE account = \(ring.account.description) AND region = \(ring.region.description)
                AND owner = \(Key.Owner.customer.rawValue)
            """
        ) { Int($0.integer(0)) } ?? 0
    }
}

extension WriteTransaction {
    func insert(_ key: Key) throws {
        try execute(
            """
            INSERT INTO kms_keys (id, account, region, owner, state, description, policy, material, created_at, rotation_days, next_rotation_at)
            VALUES (\(key.id), \(key.account.description), \(key.region.description), \(key.owner.rawValue), \(key.state.rawValue),
                \(key.description), \(key.policy), \(key.material), \(key.createdAt), \(optional: key.rotationDays), \(optional: key.nextRotationAt))
            """)
    }

    /// Removes a key and everything that is of it. The secrets are overwritten before their rows go.
    func delete(_ key: Key) throws {
        try execute("UPDATE kms_materials SET secret = \([UInt8](repeating: 0, count: 64)) WHERE key_id = \(key.id)")
        try execute("DELETE FROM kms_materials WHERE key_id = \(key.id)")
        try execute("DELETE FROM kms_aliases WHERE key_id = \(key.id)")
        try execute("DELETE FROM kms_grants WHERE key_id = \(key.id)")
        try execute("DELETE FROM kms_tags WHERE key_id = \(key.id)")
        try execute("DELETE FROM kms_keys WHERE id = \(key.id)")
    }
}

extension Key {
    fileprivate init(_ row: any Row) throws {
        guard let account = AccountID(row.text(1)), let region = Region(row.text(2)), let owner = Owner(rawValue: row.text(3)),
            let state = KMSKey.State(rawValue: row.text(4))
        else { throw DatabaseError.other("kms_keys row \(row.text(0)) holds an invalid account, region, owner or state") }
        self.init(
            id: row.text(0), account: account, region: region, owner: owner, state: state, description: row.text(5), policy: row.text(6),
            createdAt: row.timestamp(7), waitingDays: row.optionalInteger(8).map(Int.init), deletionAt: row.optionalTimestamp(9),
            rotationDays: row.optionalInteger(10).map(Int.init), nextRotationAt: row.optionalTimestamp(11), material: row.text(12))
    }
}
