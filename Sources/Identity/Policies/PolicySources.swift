import AWSCore
import Stores

/// A policy of a principal, with where it comes from.
package struct PolicySource: Hashable, Sendable {
    package enum Origin: Hashable, Sendable {
        /// Of the principal itself, or of a group that it is in.
        case inline(name: String, of: Entity.Kind, entity: String)
        case managed(arn: String, name: String)
    }

    package let origin: Origin
    package let document: String

    /// As AWS's simulator names it: a managed policy by its name, an inline one `<kind>_<entity>_<name>`.
    package var id: String {
        switch origin {
        case .inline(let name, let kind, let entity): "\(kind.rawValue)_\(entity)_\(name)"
        case .managed(_, let name): name
        }
    }
}

/// A user, group or role, with all policies that say what it may do.
package struct PolicySources: Sendable {
    package let entity: Entity
    package let tags: [IAMTag]
    /// Its own, and for a user those of its groups.
    package let policies: [PolicySource]
    package let boundary: PolicySource?
}

extension Account {
    /// The policies of the user, group or role with this ARN. Throws `invalidEntityARN` for what is none of this account, and
    /// `entityNotFound`.
    package func policySources(of arn: String) async throws -> PolicySources {
        guard let parsed = ARN(arn), parsed.service == "iam", parsed.account == id.description,
            let kind = Entity.Kind(rawValue: String(parsed.resource.prefix { $0 != "/" })), let name = parsed.resource.split(separator: "/").last
        else { throw IdentityError.invalidEntityARN(arn) }
        let id = id
        return try await database.read { transaction in
            let entity = try transaction.entity(kind, named: String(name), in: id)
            guard entity.arn == parsed else { throw IdentityError.entityNotFound(kind, name: String(name)) }
            return try transaction.policySources(of: entity)
        }
    }
}

extension ReadTransaction {
    fileprivate func policySources(of entity: Entity) throws -> PolicySources {
        let groups = entity.kind == .user ? try MembershipRecords.groups(of: entity.id, self) : []
        let holders = [entity] + groups
        let inline = try holders.flatMap { holder in
            try InlinePolicyRecords.list(of: holder.id, self).map { policy in
                PolicySource(origin: .inline(name: policy.name, of: holder.kind, entity: holder.name), document: policy.document)
            }
        }
        let attached = try AttachmentRecords.policies(of: holders.map(\.id), self).map { try source($0, for: entity.account) }
        return PolicySources(
            entity: entity, tags: try TagRecords.list(of: entity.id, self), policies: inline + attached,
            boundary: try entity.boundary.map { try source($0, for: entity.account) })
    }

    private func source(_ arn: String, for account: AccountID) throws -> PolicySource {
        PolicySource(origin: .managed(arn: arn, name: try policy(arn, for: account).name), document: try currentDocument(of: arn, for: account))
    }
}
