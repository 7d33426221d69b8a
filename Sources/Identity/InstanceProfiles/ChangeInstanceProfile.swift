import Stores

extension Account {
    /// Makes an instance profile, without a role yet. Throws `instanceProfileExists` for a name that is taken in any case of letters.
    package func createInstanceProfile(_ name: String, path: String = "/", tags: [IAMTag] = []) async throws -> InstanceProfile {
        let (id, account) = (UniqueID.make("AIPA", ids), self.id)
        return try await database.write { transaction in
            let record = InstanceProfileRecord(id: id, account: account, name: name, path: path, roleID: nil, createdAt: transaction.now)
            do {
                try transaction.savepoint { try InstanceProfileRecords.insert(record, transaction) }
            } catch DatabaseError.uniqueViolation {
                throw IdentityError.instanceProfileExists(name: name)
            }
            try transaction.addTags(tags, to: id)
            try AuthorizationChanges.advance(transaction)
            return try transaction.instanceProfile(record)
        }
    }

    /// Deletes an instance profile that has no role. Throws `instanceProfileNotFound` and `deleteConflict`.
    package func deleteInstanceProfile(_ name: String) async throws {
        try await changeInstanceProfile(named: name) { profile, transaction in
            guard profile.roleID == nil else { throw IdentityError.deleteConflict(.instanceProfiles) }
            try TagRecords.deleteAll(of: profile.id, transaction)
            try InstanceProfileRecords.delete(id: profile.id, transaction)
        }
    }

    /// Gives an instance profile its role. Throws `instanceProfileNotFound`, `entityNotFound`, `protectedRole`, and
    /// `quotaExceeded` when it has one.
    package func addRole(_ role: String, toInstanceProfile name: String) async throws {
        let account = id
        try await changeInstanceProfile(named: name) { profile, transaction in
            let role = try transaction.changeableEntity(.role, named: role, in: account)
            guard profile.roleID == nil else { throw IdentityError.quotaExceeded(.rolesPerInstanceProfile, limit: 1) }
            try InstanceProfileRecords.setRole(role.id, of: profile.id, transaction)
        }
    }

    /// Takes an instance profile's role away. Throws `instanceProfileNotFound`, `protectedRole`, and `entityNotFound`
    /// when it does not have this role.
    package func removeRole(_ role: String, fromInstanceProfile name: String) async throws {
        let account = id
        try await changeInstanceProfile(named: name) { profile, transaction in
            let found = try transaction.changeableEntity(.role, named: role, in: account)
            guard profile.roleID == found.id else { throw IdentityError.entityNotFound(.role, name: role) }
            try InstanceProfileRecords.setRole(nil, of: profile.id, transaction)
        }
    }

    /// The tags of an instance profile, by key. Throws `instanceProfileNotFound`.
    package func tags(ofInstanceProfile name: String) async throws -> [IAMTag] {
        let account = id
        return try await database.read { try TagRecords.list(of: $0.instanceProfileRecord(named: name, in: account).id, $0) }
    }

    /// Adds tags, or replaces their values. Throws `instanceProfileNotFound`, and what tags may not be.
    package func addTags(_ tags: [IAMTag], toInstanceProfile name: String) async throws {
        try await changeInstanceProfile(named: name) { profile, transaction in try transaction.addTags(tags, to: profile.id) }
    }

    /// Takes tags away by key; one that is not there is gone already. Throws `instanceProfileNotFound`.
    package func removeTags(_ keys: [String], fromInstanceProfile name: String) async throws {
        try await changeInstanceProfile(named: name) { profile, transaction in
            for key in keys { try TagRecords.delete(key, of: profile.id, transaction) }
        }
    }

    private func changeInstanceProfile(
        named name: String, _ change: @escaping @Sendable (InstanceProfileRecord, any WriteTransaction) throws -> Void
    ) async throws {
        let account = id
        try await database.write { transaction in
            try change(transaction.instanceProfileRecord(named: name, in: account), transaction)
            try AuthorizationChanges.advance(transaction)
        }
    }
}
