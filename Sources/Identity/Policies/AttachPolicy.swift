import AWSCore
import Stores

extension Entity.Kind {
    /// How many managed policies an entity may have, and the quota's name.
    fileprivate var attachmentQuota: Quota {
        switch self {
        case .user: .attachedPoliciesPerUser
        case .group: .attachedPoliciesPerGroup
        case .role: .attachedPoliciesPerRole
        }
    }
}

extension Account {
    /// How many managed policies an entity may have.
    static let policiesPerEntity = 10

    /// Gives an entity a managed policy of the account or of AWS, which it may have already. Throws `entityNotFound`, `policyNotAttachable`,
    /// `policyOfService`, `invalidPolicyARN`, `quotaExceeded`.
    package func attachPolicy(_ arn: String, to kind: Entity.Kind, named name: String) async throws {
        let id = id
        try await database.write { transaction in
            let entity = try transaction.changeableEntity(kind, named: name, in: id)
            try transaction.requireAttachablePolicy(arn, for: id)
            try AttachmentRecords.insert(arn, to: entity.id, transaction)
            guard try AttachmentRecords.policies(of: [entity.id], transaction).count <= Self.policiesPerEntity else {
                throw IdentityError.quotaExceeded(kind.attachmentQuota, limit: Self.policiesPerEntity)
            }
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// Takes a managed policy from an entity. Throws `entityNotFound`, `invalidPolicyARN`, `policyNotAttached`.
    package func detachPolicy(_ arn: String, from kind: Entity.Kind, named name: String) async throws {
        let id = id
        try await database.write { transaction in
            let entity = try transaction.changeableEntity(kind, named: name, in: id)
            guard ARN(policy: arn) != nil else { throw IdentityError.invalidPolicyARN(arn) }
            guard try AttachmentRecords.delete(arn, of: entity.id, transaction) > 0 else { throw IdentityError.policyNotAttached(arn: arn) }
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// The managed policies of an entity, by ARN, those only whose path begins with `pathPrefix`. Throws `entityNotFound`.
    package func attachedPolicies(of kind: Entity.Kind, named name: String, pathPrefix: String = "/") async throws -> [ManagedPolicy] {
        let id = id
        return try await database.read { transaction in
            let entity = try transaction.entity(kind, named: name, in: id)
            return try AttachmentRecords.policies(of: [entity.id], transaction).map { try transaction.policy($0, for: id) }
                .filter { $0.path.hasPrefix(pathPrefix) }
        }
    }

    /// Makes a managed policy the boundary of an entity. Throws `entityNotFound`, `policyNotAttachable`, `policyOfService`,
    /// `invalidPolicyARN`.
    package func putBoundary(_ arn: String, on kind: Entity.Kind, named name: String) async throws {
        let id = id
        try await database.write { transaction in
            let entity = try transaction.changeableEntity(kind, named: name, in: id)
            try transaction.requireAttachablePolicy(arn, for: id)
            try EntityRecords.setBoundary(arn, id: entity.id, transaction)
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// Takes the boundary of an entity away. Throws `entityNotFound`, `boundaryNotFound`.
    package func deleteBoundary(of kind: Entity.Kind, named name: String) async throws {
        let id = id
        try await database.write { transaction in
            let entity = try transaction.changeableEntity(kind, named: name, in: id)
            guard entity.boundary != nil else { throw IdentityError.boundaryNotFound(kind, name: entity.name) }
            try EntityRecords.setBoundary(nil, id: entity.id, transaction)
            try AuthorizationChanges.advance(transaction)
        }
    }
}
