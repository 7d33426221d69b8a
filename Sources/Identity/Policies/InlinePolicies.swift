import IAM
import Stores

/// A policy that belongs to one user, group or role.
package struct InlinePolicy: Hashable, Sendable {
    package let name: String
    /// As it was given.
    package let document: String
}

extension Entity.Kind {
    /// How many characters the inline policies of one entity may have together, blanks not counted.
    package var inlinePolicySizeLimit: Int {
        switch self {
        case .user: 2048
        case .group: 5120
        case .role: 10_240
        }
    }
}

extension Account {
    /// Gives an entity a policy, or replaces the one of this name. Throws `entityNotFound`, `malformedPolicy`, `inlinePoliciesTooLarge`.
    package func putInlinePolicy(_ name: String, _ document: String, to kind: Entity.Kind, named entityName: String) async throws {
        try checkIdentityPolicy(document)
        let id = id
        try await database.write { transaction in
            let entity = try transaction.changeableEntity(kind, named: entityName, in: id)
            try InlinePolicyRecords.put(InlinePolicy(name: name, document: document), to: entity.id, transaction)
            let size = try InlinePolicyRecords.list(of: entity.id, transaction).reduce(0) { $0 + $1.document.sizeWithoutBlanks }
            guard size <= kind.inlinePolicySizeLimit else {
                throw IdentityError.inlinePoliciesTooLarge(kind, name: entity.name, limit: kind.inlinePolicySizeLimit)
            }
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// The entity's policy of this name. Throws `entityNotFound` and `inlinePolicyNotFound`.
    package func inlinePolicy(_ name: String, of kind: Entity.Kind, named entityName: String) async throws -> (entity: Entity, policy: InlinePolicy) {
        let id = id
        return try await database.read { transaction in
            let entity = try transaction.entity(kind, named: entityName, in: id)
            guard let policy = try InlinePolicyRecords.find(name, of: entity.id, transaction) else {
                throw IdentityError.inlinePolicyNotFound(kind, name: name)
            }
            return (entity, policy)
        }
    }

    /// The policies of an entity, by name. Throws `entityNotFound`.
    package func inlinePolicies(of kind: Entity.Kind, named entityName: String) async throws -> [InlinePolicy] {
        let id = id
        return try await database.read { try InlinePolicyRecords.list(of: $0.entity(kind, named: entityName, in: id).id, $0) }
    }

    /// Throws `entityNotFound` and `inlinePolicyNotFound`.
    package func deleteInlinePolicy(_ name: String, of kind: Entity.Kind, named entityName: String) async throws {
        let id = id
        try await database.write { transaction in
            let entity = try transaction.changeableEntity(kind, named: entityName, in: id)
            guard try InlinePolicyRecords.delete(name, of: entity.id, transaction) > 0 else {
                throw IdentityError.inlinePolicyNotFound(kind, name: name)
            }
            try AuthorizationChanges.advance(transaction)
        }
    }
}

/// Passes when `document` is a policy that a principal can have. Throws `malformedPolicy`.
func checkIdentityPolicy(_ document: String) throws(IdentityError) {
    do {
        _ = try PolicyDocument(json: document, as: .identity)
    } catch {
        throw .malformedPolicy(error.description)
    }
}

extension String {
    /// The characters that count toward the size of a policy: all but blanks, tabs and ends of lines.
    package var sizeWithoutBlanks: Int { unicodeScalars.count { ![0x20, 0x09, 0x0A, 0x0D].contains($0.value) } }
}
