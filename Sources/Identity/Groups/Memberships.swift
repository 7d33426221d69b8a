import Stores

extension Account {
    /// How many groups a user may be in.
    static let groupsPerUser = 10

    /// Puts a user into a group, where it may be already. Throws `entityNotFound` and `quotaExceeded`.
    package func addUser(_ user: String, toGroup group: String) async throws {
        let id = id
        try await database.write { transaction in
            let group = try transaction.entity(.group, named: group, in: id)
            let user = try transaction.entity(.user, named: user, in: id)
            try MembershipRecords.insert(user: user.id, group: group.id, transaction)
            guard try MembershipRecords.groupIDs(of: user.id, transaction).count <= Self.groupsPerUser else {
                throw IdentityError.quotaExceeded(.groupsPerUser, limit: Self.groupsPerUser)
            }
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// Takes a user out of a group. Throws `entityNotFound`, also for a user that is not in it.
    package func removeUser(_ name: String, fromGroup group: String) async throws {
        let id = id
        try await database.write { transaction in
            let group = try transaction.entity(.group, named: group, in: id)
            let user = try transaction.entity(.user, named: name, in: id)
            guard try MembershipRecords.delete(user: user.id, group: group.id, transaction) > 0 else {
                throw IdentityError.entityNotFound(.user, name: name)
            }
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// The groups of a user, by name. Throws `entityNotFound`.
    package func groups(ofUser name: String) async throws -> [Entity] {
        let id = id
        return try await database.read { try MembershipRecords.groups(of: $0.entity(.user, named: name, in: id).id, $0) }
    }

    /// A group and up to `limit` of its users, by unique id; `cursor` comes from the page before. Throws `entityNotFound`.
    package func group(named name: String, usersAfter cursor: String?, limit: Int) async throws -> (group: Entity, users: Page<Entity, String>) {
        let id = id
        return try await database.read { transaction in
            let group = try transaction.entity(.group, named: name, in: id)
            let users = try MembershipRecords.users(of: group.id, after: cursor ?? "", limit: limit + 1, transaction)
            return (group, Page(users, limit: limit) { $0.id })
        }
    }
}
