import Stores

extension Account {
    /// Replaces who may act as a role. Throws `entityNotFound`, `protectedRole`, `malformedPolicy`, and `quotaExceeded` for a
    /// policy that is too long.
    package func setTrustPolicy(_ text: String, ofRole name: String) async throws {
        try checkTrustPolicy(text)
        try await changeRole(named: name) { record, transaction in record.trustPolicy = try transaction.bindingPrincipals(in: text) }
    }

    /// Replaces what is not nil of a role's description and longest session. Throws `entityNotFound` and `protectedRole`.
    @discardableResult
    package func updateRole(named name: String, description: String?, maxSessionSeconds: Int? = nil) async throws -> Role {
        try await changeRole(named: name) { record, _ in
            record.description = description ?? record.description
            record.maxSessionSeconds = maxSessionSeconds ?? record.maxSessionSeconds
        }
    }

    @discardableResult
    private func changeRole(
        named name: String, _ change: @escaping @Sendable (inout RoleRecord, any WriteTransaction) throws -> Void
    ) async throws -> Role {
        let id = id
        return try await database.write { transaction in
            let entity = try transaction.changeableEntity(.role, named: name, in: id)
            var record = try transaction.roleRecord(of: entity)
            try change(&record, transaction)
            try RoleRecords.update(record, transaction)
            try AuthorizationChanges.advance(transaction)
            return try transaction.role(entity)
        }
    }
}
