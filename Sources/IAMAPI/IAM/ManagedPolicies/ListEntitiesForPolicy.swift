import AWSCore
import Identity

/// Lists the users, groups and roles that a managed policy is attached to, or bounds.
struct ListEntitiesForPolicy: PolicyOperation {
    let policyArn: EntityARN
    let entityFilter: EntityFilter?
    let pathPrefix: Path?
    let policyUsageFilter: PolicyUsageFilter?
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> Output {
        let prefix = pathPrefix?.value ?? "/"
        let list = "\(policyArn.value) \(entityFilter?.rawValue ?? "") \(policyUsageFilter?.rawValue ?? "") \(prefix)"
        let page = try await context.account.entities(
            ofPolicy: policyArn.value, kinds: entityFilter?.kinds ?? Set(Entity.Kind.allCases), pathPrefix: prefix, usage: policyUsageFilter?.usage,
            after: context.markers.cursor(of: marker?.value, of: list), limit: maxItems.limit)
        let byKind = Dictionary(grouping: page.elements, by: \.kind)
        return Output(
            policyGroups: QueryList(byKind[.group, default: []].map { PolicyGroup(groupName: $0.name, groupId: $0.id) }),
            policyUsers: QueryList(byKind[.user, default: []].map { PolicyUser(userName: $0.name, userId: $0.id) }),
            policyRoles: QueryList(byKind[.role, default: []].map { PolicyRole(roleName: $0.name, roleId: $0.id) }),
            isTruncated: page.next != nil, marker: try context.markers.token(after: page.next, of: list))
    }

    struct Output: Encodable, Sendable {
        let policyGroups: QueryList<PolicyGroup>
        let policyUsers: QueryList<PolicyUser>
        let policyRoles: QueryList<PolicyRole>
        let isTruncated: Bool
        let marker: String?
    }

    struct PolicyGroup: Encodable, Sendable {
        let groupName: String
        let groupId: String
    }

    struct PolicyUser: Encodable, Sendable {
        let userName: String
        let userId: String
    }

    struct PolicyRole: Encodable, Sendable {
        let roleName: String
        let roleId: String
    }
}

/// The model's EntityType.
enum EntityFilter: String, ConstrainedEnum {
    case user = "User"
    case role = "Role"
    case group = "Group"
    case localPolicy = "LocalManagedPolicy"
    case awsPolicy = "AWSManagedPolicy"

    /// The entities that it lets through; policies have none attached.
    fileprivate var kinds: Set<Entity.Kind> {
        switch self {
        case .user: [.user]
        case .role: [.role]
        case .group: [.group]
        case .localPolicy, .awsPolicy: []
        }
    }
}
