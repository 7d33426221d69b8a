import AWSCore
import Stores

extension Account {
    /// Makes a user. Throws `entityExists` for a name that is taken in any case of letters, `policyNotAttachable` for the boundary.
    package func createUser(_ name: String, path: String = "/", boundary: String? = nil, tags: [IAMTag] = []) async throws -> Entity {
        try await create(.user, name, path: path, boundary: boundary, tags: tags)
    }

    /// Makes a group. Throws `entityExists`.
    package func createGroup(_ name: String, path: String = "/") async throws -> Entity {
        try await create(.group, name, path: path)
    }

    /// Makes an entity; `more` adds what its kind has besides, in the same transaction.
    func create(
        _ kind: Entity.Kind, _ name: String, path: String, boundary: String? = nil, tags: [IAMTag] = [],
        _ more: @escaping @Sendable (Entity, any WriteTransaction) throws -> Void = { _, _ in }
    ) async throws -> Entity {
        let (id, account) = (UniqueID.make(kind.idPrefix, ids), self.id)
        return try await database.write { transaction in
            if let boundary { try transaction.requireBoundary(boundary, for: account) }
            let entity = Entity(id: id, account: account, kind: kind, name: name, path: path, boundary: boundary, createdAt: transaction.now)
            do {
                try transaction.savepoint { try EntityRecords.insert(entity, transaction) }
            } catch DatabaseError.uniqueViolation {
                throw IdentityError.entityExists(kind, name: name)
            }
            try transaction.addTags(tags, to: id)
            try more(entity, transaction)
            try AuthorizationChanges.advance(transaction)
            return entity
        }
    }
}

extension ReadTransaction {
    /// Passes when there is such a policy for a new entity. Throws `invalidPolicyARN` and `policyNotAttachable`: the operations that create
    /// have no error of their own for the policy of a service.
    fileprivate func requireBoundary(_ arn: String, for account: AccountID) throws {
        do {
            try requireAttachablePolicy(arn, for: account)
        } catch IdentityError.policyOfService {
            throw IdentityError.policyNotAttachable(arn: arn)
        }
    }
}
