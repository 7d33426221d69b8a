import Stores

extension Account {
    /// Deletes a role that has no policies and is in no instance profile. Throws `entityNotFound`, `protectedRole` and
    /// `deleteConflict`.
    package func deleteRole(_ name: String) async throws {
        try await delete(.role, name) { role, transaction in
            guard try InstanceProfileRecords.list(withRole: role.id, after: "", limit: 1, transaction).isEmpty else {
                throw IdentityError.deleteConflict(.instanceProfiles)
            }
            try RoleRecords.delete(id: role.id, transaction)
        }
    }
}
