import Stores

extension Account {
    /// Gives a user or group another name, another path, or both; it keeps its unique id and with it all that it has. Throws
    /// `entityNotFound` and `entityExists`.
    package func rename(_ kind: Entity.Kind, named name: String, to newName: String?, path: String?) async throws {
        let id = id
        try await database.write { transaction in
            let entity = try transaction.entity(kind, named: name, in: id)
            do {
                try transaction.savepoint {
                    try EntityRecords.rename(id: entity.id, to: newName ?? entity.name, path: path ?? entity.path, transaction)
                }
            } catch DatabaseError.uniqueViolation {
                throw IdentityError.entityExists(kind, name: newName ?? name)
            }
            try AuthorizationChanges.advance(transaction)
        }
    }
}
