import Stores

extension Account {
    /// How many tags anything of IAM may have.
    static let tagLimit = 50

    /// The tags of an entity, by key. Throws `entityNotFound`.
    package func tags(of kind: Entity.Kind, named name: String) async throws -> [IAMTag] {
        let id = id
        return try await database.read { try TagRecords.list(of: $0.entity(kind, named: name, in: id).id, $0) }
    }

    /// Adds tags to an entity, or replaces their values. Throws `entityNotFound`, and what tags may not be.
    package func addTags(_ tags: [IAMTag], to kind: Entity.Kind, named name: String) async throws {
        let id = id
        try await database.write { transaction in
            try transaction.addTags(tags, to: transaction.entity(kind, named: name, in: id).id)
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// Takes tags away by key; one that is not there is gone already. Throws `entityNotFound`.
    package func removeTags(_ keys: [String], from kind: Entity.Kind, named name: String) async throws {
        let id = id
        try await database.write { transaction in
            let owner = try transaction.entity(kind, named: name, in: id).id
            for key in keys { try TagRecords.delete(key, of: owner, transaction) }
            try AuthorizationChanges.advance(transaction)
        }
    }
}

extension WriteTransaction {
    /// Adds tags to what `owner` names. Throws `duplicateTagKeys`, `reservedTagKey` and `tooManyTags`.
    func addTags(_ tags: [IAMTag], to owner: String) throws {
        guard !tags.isEmpty else { return }
        guard Set(tags.map { $0.key.lowercased() }).count == tags.count else { throw IdentityError.duplicateTagKeys }
        if let reserved = tags.first(where: { $0.key.lowercased().hasPrefix("aws:") }) { throw IdentityError.reservedTagKey(reserved.key) }
        for tag in tags { try TagRecords.put(tag, to: owner, self) }
        guard try TagRecords.list(of: owner, self).count <= Account.tagLimit else { throw IdentityError.tooManyTags(limit: Account.tagLimit) }
    }
}
