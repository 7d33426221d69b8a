import AWSCore
import Identity

/// Lists all that the account's rights come from: users, groups, roles and managed policies, with their policies.
struct GetAccountAuthorizationDetails: AccountOperation {
    let filter: [EntityFilter]?
    let maxItems: MaxItems?
    let marker: Marker?

    func run(_ context: OperationContext) async throws -> Output {
        let kinds = Set((filter ?? []).isEmpty ? DetailKind.allCases : (filter ?? []).map(\.detailKind))
        let list = kinds.map(\.rawValue).sorted().joined(separator: " ")
        let page = try await context.account.authorizationDetails(
            kinds, after: context.markers.cursor(of: marker?.value, of: list), limit: maxItems.limit)
        var output = Output(isTruncated: page.next != nil, marker: try context.markers.token(after: page.next, of: list))
        for detail in page.elements { output.add(detail) }
        return output
    }
}

extension GetAccountAuthorizationDetails {
    struct Output: Encodable, Sendable {
        private(set) var userDetailList = QueryList<UserDetailShape>([])
        private(set) var groupDetailList = QueryList<GroupDetailShape>([])
        private(set) var roleDetailList = QueryList<RoleDetailShape>([])
        private(set) var policies = QueryList<PolicyDetailShape>([])
        let isTruncated: Bool
        let marker: String?

        init(isTruncated: Bool, marker: String?) {
            self.isTruncated = isTruncated
            self.marker = marker
        }

        fileprivate mutating func add(_ detail: AuthorizationDetail) {
            switch detail {
            case .policy(let found): policies = QueryList(policies.member + [PolicyDetailShape(found)])
            case .entity(let found):
                switch found.entity.kind {
                case .user: userDetailList = QueryList(userDetailList.member + [UserDetailShape(found)])
                case .group: groupDetailList = QueryList(groupDetailList.member + [GroupDetailShape(found)])
                case .role: roleDetailList = QueryList(roleDetailList.member + [RoleDetailShape(found)])
                }
            }
        }
    }
}

extension EntityFilter {
    fileprivate var detailKind: DetailKind {
        switch self {
        case .user: .users
        case .role: .roles
        case .group: .groups
        case .localPolicy: .localPolicies
        case .awsPolicy: .awsPolicies
        }
    }
}
