import Stores

extension Account {
    /// Deletes a user that has nothing any more. Throws `entityNotFound`, and `deleteConflict` while it has keys, policies or groups.
    package func deleteUser(_ name: String) async throws {
        try await delete(.user, name) { user, transaction in
            guard try AccessKeyRecords.list(account: user.account, principal: user.id, transaction).isEmpty else {
                throw IdentityError.deleteConflict(.accessKeys)
            }
            guard try MembershipRecords.groupIDs(of: user.id, transaction).isEmpty else { throw IdentityError.deleteConflict(.groups) }
        }
    }

    /// Deletes a group that has nothing any more. Throws `entityNotFound`, and `deleteConflict` while it has policies or users.
    package func deleteGroup(_ name: String) async throws {
        try await delete(.group, name) { group, transaction in
            guard try !MembershipRecords.hasUsers(group.id, transaction) else { throw IdentityError.deleteConflict(.members) }
        }
    }

    /// Deletes an entity without policies; `more` checks and deletes what its kind has besides, in the same transaction.
    func delete(
        _ kind: Entity.Kind, _ name: String, _ more: @escaping @Sendable (Entity, any WriteTransaction) throws -> Void
    ) async throws {
        let id = id
        try await database.write { transaction in
            let entity = try transaction.changeableEntity(kind, named: name, in: id)
            guard try AttachmentRecords.policies(of: [entity.id], transaction).isEmpty else { throw IdentityError.deleteConflict(.attachedPolicies) }
            guard try !InlinePolicyRecords.exists(of: entity.id, transaction) else { throw IdentityError.deleteConflict(.inlinePolicies) }
            try more(entity, transaction)
            try TagRecords.deleteAll(of: entity.id, transaction)
            try EntityRecords.delete(id: entity.id, transaction)
            try AuthorizationChanges.advance(transaction)
        }
    }
}
