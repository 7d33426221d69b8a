import AWSCore
import Stores

/// The SQL of who is in which group.
enum MembershipRecords {
    static func groupIDs(of user: String, _ transaction: any ReadTransaction) throws -> [String] {
        try transaction.rows("SELECT group_id FROM memberships WHERE user_id = \(user)") { $0.text(0) }
    }

    /// The groups of a user; a quota keeps them few.
    static func groups(of user: String, _ transaction: any ReadTransaction) throws -> [Entity] {
        try groupIDs(of: user, transaction).compactMap { try EntityRecords.find(id: $0, transaction) }
            .sorted { $0.name.lowercased() < $1.name.lowercased() }
    }

    /// Up to `limit` users of a group whose unique ids come after `id`.
    static func users(of group: String, after id: String, limit: Int, _ transaction: any ReadTransaction) throws -> [Entity] {
        let ids = try transaction.rows(
            "SELECT user_id FROM memberships WHERE group_id = \(group) AND user_id > \(id) ORDER BY user_id LIMIT \(limit)"
        ) { $0.text(0) }
        return try ids.compactMap { try EntityRecords.find(id: $0, transaction) }
    }

    static func hasUsers(_ group: String, _ transaction: any ReadTransaction) throws -> Bool {
        try transaction.first("SELECT user_id FROM memberships WHERE group_id = \(group) LIMIT 1") { $0.text(0) } != nil
    }

    static func insert(user: String, group: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute("INSERT INTO memberships (user_id, group_id) VALUES (\(user), \(group)) ON CONFLICT DO NOTHING")
    }

    /// The number of memberships that were deleted: 0 or 1.
    static func delete(user: String, group: String, _ transaction: any WriteTransaction) throws -> Int {
        try transaction.execute("DELETE FROM memberships WHERE user_id = \(user) AND group_id = \(group)")
    }
}
