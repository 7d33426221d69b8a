import AWSCore
import Stores

extension Account {
    /// The instance profile of this name. Throws `instanceProfileNotFound`.
    package func instanceProfile(named name: String) async throws -> InstanceProfile {
        let id = id
        return try await database.read { try $0.instanceProfile($0.instanceProfileRecord(named: name, in: id)) }
    }

    /// The instance profile of this name; of one that is not there, the ARN that it would have at the root path.
    package func target(instanceProfile name: String) async throws -> Target {
        let id = id
        return try await database.read { transaction in
            guard let found = try InstanceProfileRecords.find(name, in: id, transaction) else {
                return Target(arn: Self.arn(ofInstanceProfile: name, path: "/", in: id))
            }
            return Target(
                arn: Self.arn(ofInstanceProfile: found.name, path: found.path, in: id), tags: try TagRecords.list(of: found.id, transaction))
        }
    }

    /// Up to `limit` instance profiles by name, those only whose path begins with `pathPrefix`; `cursor` comes from the page before.
    package func instanceProfiles(pathPrefix: String = "/", after cursor: String?, limit: Int) async throws -> Page<InstanceProfile, String> {
        let id = id
        let found = try await database.read { transaction in
            try InstanceProfileRecords.list(in: id, pathPrefix: pathPrefix, after: cursor ?? "", limit: limit + 1, transaction)
                .map { try transaction.instanceProfile($0) }
        }
        return Page(found, limit: limit) { $0.name.lowercased() }
    }

    /// Up to `limit` instance profiles that have this role, by name. Throws `entityNotFound`.
    package func instanceProfiles(withRole name: String, after cursor: String?, limit: Int) async throws -> Page<InstanceProfile, String> {
        let id = id
        let found = try await database.read { transaction in
            let role = try transaction.entity(.role, named: name, in: id)
            return try InstanceProfileRecords.list(withRole: role.id, after: cursor ?? "", limit: limit + 1, transaction)
                .map { try transaction.instanceProfile($0) }
        }
        return Page(found, limit: limit) { $0.name.lowercased() }
    }
}

extension ReadTransaction {
    /// The row of the instance profile of this name. Throws `instanceProfileNotFound`.
    func instanceProfileRecord(named name: String, in account: AccountID) throws -> InstanceProfileRecord {
        guard let found = try InstanceProfileRecords.find(name, in: account, self) else {
            throw IdentityError.instanceProfileNotFound(name: name)
        }
        return found
    }

    /// All instance profiles that have the role of this unique id, by name.
    func instanceProfiles(withRole id: String) throws -> [InstanceProfile] {
        let records = try InstanceProfileRecords.list(withRole: id, after: "", limit: Int.max, self)
        return try records.map { record in try instanceProfile(record) }
    }

    /// The instance profile of this row, with its role.
    func instanceProfile(_ record: InstanceProfileRecord) throws -> InstanceProfile {
        let entity = try record.roleID.flatMap { try EntityRecords.find(id: $0, self) }
        let role = try entity.map { try self.role($0) }
        return InstanceProfile(
            id: record.id, account: record.account, name: record.name, path: record.path, role: role, createdAt: record.createdAt)
    }
}
