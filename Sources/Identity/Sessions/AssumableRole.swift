import AWSCore
import Stores

/// A role as it must be known to let somebody assume it.
package struct AssumableRole: Sendable {
    package let entity: Entity
    /// JSON, principals by unique id: as it is evaluated.
    package let trustPolicy: String
    /// In seconds.
    package let longestSession: Int
    package let tags: [String: String]
    fileprivate let lastUsedAt: Timestamp?
}

extension IdentityServices {
    /// The role of this ARN, path included; nil when there is none.
    package func assumableRole(_ arn: ARN) async throws -> AssumableRole? {
        guard arn.service == "iam", let account = AccountID(arn.account), arn.resource.hasPrefix("role/"),
            let name = arn.resource.split(separator: "/").last
        else { return nil }
        return try await database.read { transaction in
            guard let entity = try EntityRecords.find(.role, named: String(name), in: account, transaction), entity.arn == arn else { return nil }
            let tags = Dictionary(try TagRecords.list(of: entity.id, transaction).map { ($0.key, $0.value) }) { $1 }
            return try RoleRecords.find(id: entity.id, transaction).map { record in
                AssumableRole(
                    entity: entity, trustPolicy: record.trustPolicy, longestSession: record.maxSessionSeconds, tags: tags,
                    lastUsedAt: record.lastUse?.at)
            }
        }
    }

    /// Remembers that `role` was assumed in `region`: to the hour, so that a busy role is not written at each use.
    package func recordUse(of role: AssumableRole, in region: Region) async throws {
        let (id, now) = (role.entity.id, clock.now)
        if let lastUsedAt = role.lastUsedAt, now < lastUsedAt + .seconds(3600) { return }
        try await database.write { transaction in
            try transaction.execute(
                "UPDATE roles SET last_used_at = \(now), last_used_region = \(region.description) WHERE id = \(id)")
        }
    }
}
