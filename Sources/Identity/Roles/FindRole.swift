import AWSCore
import Stores

extension Account {
    /// The role of this name. Throws `entityNotFound`.
    package func role(named name: String) async throws -> Role {
        let id = id
        return try await database.read { try $0.role($0.entity(.role, named: name, in: id)) }
    }

    /// Up to `limit` roles by name, those only whose path begins with `pathPrefix`; `cursor` comes from the page before.
    package func roles(pathPrefix: String = "/", after cursor: String?, limit: Int) async throws -> Page<Role, String> {
        let id = id
        let found = try await database.read { transaction in
            try EntityRecords.list(.role, in: id, pathPrefix: pathPrefix, after: cursor ?? "", limit: limit + 1, transaction)
                .map { try transaction.role($0) }
        }
        return Page(found, limit: limit) { $0.entity.name.lowercased() }
    }
}

extension ReadTransaction {
    /// What the role `entity` has besides.
    func role(_ entity: Entity) throws -> Role {
        let record = try roleRecord(of: entity)
        return Role(
            entity: entity, trustPolicy: try namingPrincipals(in: record.trustPolicy), description: record.description,
            maxSessionSeconds: record.maxSessionSeconds, service: record.service, lastUse: record.lastUse)
    }

    /// The row of the role `entity`.
    func roleRecord(of entity: Entity) throws -> RoleRecord {
        guard let record = try RoleRecords.find(id: entity.id, self) else { throw DatabaseError.other("role \(entity.id) has no row in roles") }
        return record
    }

    /// The entity of this name, which the account may change. Throws `entityNotFound`, and `protectedRole` for a service's role.
    func changeableEntity(_ kind: Entity.Kind, named name: String, in account: AccountID) throws -> Entity {
        let entity = try entity(kind, named: name, in: account)
        guard try kind != .role || roleRecord(of: entity).service == nil else { throw IdentityError.protectedRole(name: entity.name) }
        return entity
    }
}
