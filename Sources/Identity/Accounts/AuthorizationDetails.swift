import AWSCore
import Stores

/// A user, group or role with all that its rights come from.
package struct EntityDetail: Sendable {
    package let entity: Entity
    package let tags: [IAMTag]
    package let inlinePolicies: [InlinePolicy]
    package let attachedPolicies: [ManagedPolicy]
    /// The names of a user's groups.
    package let groups: [String]
    /// Nil of a user or group.
    package let role: RoleDetail?
}

/// What a role has besides, and the instance profiles that have it.
package struct RoleDetail: Sendable {
    package let role: Role
    package let instanceProfiles: [InstanceProfile]
}

/// A managed policy with all its versions.
package struct PolicyDetail: Sendable {
    package let policy: ManagedPolicy
    package let use: PolicyUse
    package let versions: [PolicyVersion]
}

/// One thing in the list of all that an account's rights come from.
package enum AuthorizationDetail: Sendable {
    case entity(EntityDetail)
    case policy(PolicyDetail)
}

/// The parts of that list, in its order.
package enum DetailKind: String, Hashable, Sendable, CaseIterable {
    case users, groups, roles, localPolicies, awsPolicies

    fileprivate var entityKind: Entity.Kind? {
        switch self {
        case .users: .user
        case .groups: .group
        case .roles: .role
        case .localPolicies, .awsPolicies: nil
        }
    }
}

extension Account {
    /// Up to `limit` users, groups, roles and policies of these kinds, kind by kind and by name; of AWS's policies those that are used.
    package func authorizationDetails(_ kinds: Set<DetailKind>, after cursor: String?, limit: Int) async throws -> Page<AuthorizationDetail, String> {
        let id = id
        let start = DetailCursor(cursor)
        let found = try await database.read { transaction in
            var found: [AuthorizationDetail] = []
            for kind in DetailKind.allCases.drop(while: { $0 != start.kind }) where kinds.contains(kind) && found.count <= limit {
                let name = kind == start.kind ? start.name : ""
                found += try transaction.details(kind, of: id, after: name, limit: limit + 1 - found.count)
            }
            return found
        }
        return Page(found, limit: limit) { DetailCursor(after: $0).text }
    }

    /// One entity with all that its rights come from. Throws `entityNotFound`.
    package func detail(of kind: Entity.Kind, named name: String) async throws -> EntityDetail {
        let id = id
        return try await database.read { try $0.detail(of: $0.entity(kind, named: name, in: id)) }
    }
}

/// A place in the list: behind a name in lower case, in one of its parts.
private struct DetailCursor {
    let kind: DetailKind
    let name: String

    init(after detail: AuthorizationDetail) {
        switch detail {
        case .entity(let found):
            kind = DetailKind.allCases.first { $0.entityKind == found.entity.kind } ?? .users
            name = found.entity.name.lowercased()
        case .policy(let found):
            kind = found.policy.isOfAWS ? .awsPolicies : .localPolicies
            name = found.policy.name.lowercased()
        }
    }

    init(_ text: String?) {
        let parts = (text ?? "").split(separator: " ", maxSplits: 1)
        kind = parts.first.flatMap { DetailKind(rawValue: String($0)) } ?? .users
        name = parts.count > 1 ? String(parts[1]) : ""
    }

    var text: String { "\(kind.rawValue) \(name)" }
}

extension ReadTransaction {
    fileprivate func details(_ kind: DetailKind, of account: AccountID, after name: String, limit: Int) throws -> [AuthorizationDetail] {
        switch kind {
        case .users, .groups, .roles:
            guard let entityKind = kind.entityKind else { return [] }
            return try EntityRecords.list(entityKind, in: account, pathPrefix: "/", after: name, limit: limit, self)
                .map { .entity(try detail(of: $0)) }
        case .localPolicies:
            return try PolicyRecords.list(in: account, pathPrefix: "/", after: name, limit: limit, self)
                .map { .policy(try detail(of: $0, in: account)) }
        case .awsPolicies:
            let used = try AWSManagedPolicies.all.filter { policy in
                guard policy.name.lowercased() > name else { return false }
                let use = try use(of: policy.arn, in: account)
                return use.attachments + use.boundaries > 0
            }
            return try used.sorted { $0.name.lowercased() < $1.name.lowercased() }.prefix(limit)
                .map { .policy(try detail(of: ManagedPolicy($0), in: account)) }
        }
    }

    fileprivate func detail(of entity: Entity) throws -> EntityDetail {
        EntityDetail(
            entity: entity, tags: try TagRecords.list(of: entity.id, self), inlinePolicies: try InlinePolicyRecords.list(of: entity.id, self),
            attachedPolicies: try AttachmentRecords.policies(of: [entity.id], self).map { try policy($0, for: entity.account) },
            groups: entity.kind == .user ? try MembershipRecords.groups(of: entity.id, self).map(\.name) : [],
            role: entity.kind == .role ? try RoleDetail(role: role(entity), instanceProfiles: instanceProfiles(withRole: entity.id)) : nil)
    }

    private func detail(of policy: ManagedPolicy, in account: AccountID) throws -> PolicyDetail {
        PolicyDetail(policy: policy, use: try use(of: policy.arn, in: account), versions: try versions(of: policy.arn, for: account))
    }
}
