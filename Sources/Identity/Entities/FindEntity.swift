import AWSCore
import Stores

extension Account {
    /// The user, group or role of this name. Throws `entityNotFound`.
    package func entity(_ kind: Entity.Kind, named name: String) async throws -> Entity {
        let id = id
        return try await database.read { try $0.entity(kind, named: name, in: id) }
    }

    /// The same; nil when there is none.
    package func find(_ kind: Entity.Kind, named name: String) async throws -> Entity? {
        let id = id
        return try await database.read { try EntityRecords.find(kind, named: name, in: id, $0) }
    }

    /// The entity of this unique id in this account; nil when there is none, or no longer.
    package func entity(id: String) async throws -> Entity? {
        let account = self.id
        return try await database.read { try EntityRecords.find(id: id, $0) }.flatMap { $0.account == account ? $0 : nil }
    }

    /// Up to `limit` entities by name, those only whose path begins with `pathPrefix`; `cursor` comes from the page before.
    package func entities(_ kind: Entity.Kind, pathPrefix: String = "/", after cursor: String?, limit: Int) async throws -> Page<Entity, String> {
        let id = id
        let found = try await database.read { transaction in
            try EntityRecords.list(kind, in: id, pathPrefix: pathPrefix, after: cursor ?? "", limit: limit + 1, transaction)
        }
        return Page(found, limit: limit) { $0.name.lowercased() }
    }
}

extension ReadTransaction {
    /// The entity of this name. Throws `entityNotFound`.
    func entity(_ kind: Entity.Kind, named name: String, in account: AccountID) throws -> Entity {
        guard let found = try EntityRecords.find(kind, named: name, in: account, self) else {
            throw IdentityError.entityNotFound(kind, name: name)
        }
        return found
    }
}
