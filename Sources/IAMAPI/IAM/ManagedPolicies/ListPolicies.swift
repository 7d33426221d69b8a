import AWSCore
import IAM
import Identity

/// Lists managed policies by name: the account's own, then AWS's.
struct ListPolicies: IAMOperation {
    let scope: Scope?
    let onlyAttached: Bool?
    let pathPrefix: PolicyPath?
    let policyUsageFilter: PolicyUsageFilter?
    let marker: Marker?
    let maxItems: MaxItems?

    func permissions(_ context: OperationContext) -> [Permission] { [permission(on: context.account.arn("policy\(prefix)"))] }

    func run(_ context: OperationContext) async throws -> Output {
        let list = "\(scope?.rawValue ?? "All") \(onlyAttached ?? false) \(policyUsageFilter?.rawValue ?? "") \(prefix)"
        let page = try await context.account.policies(
            scope?.scope ?? .all, pathPrefix: prefix, usedOnly: onlyAttached ?? false, usage: policyUsageFilter?.usage,
            after: context.markers.cursor(of: marker?.value, of: list), limit: maxItems.limit)
        return Output(
            policies: QueryList(page.elements.map { PolicyShape($0.policy, $0.use) }), isTruncated: page.next != nil,
            marker: try context.markers.token(after: page.next, of: list))
    }

    private var prefix: String { pathPrefix?.value ?? "/" }

    struct Output: Encodable, Sendable {
        let policies: QueryList<PolicyShape>
        let isTruncated: Bool
        let marker: String?
    }

    /// The model's policyScopeType.
    enum Scope: String, ConstrainedEnum {
        case all = "All"
        case aws = "AWS"
        case local = "Local"

        fileprivate var scope: PolicyScope {
            switch self {
            case .all: .all
            case .aws: .aws
            case .local: .local
            }
        }
    }
}

/// The model's PolicyUsageType.
enum PolicyUsageFilter: String, ConstrainedEnum {
    case permissions = "PermissionsPolicy"
    case boundary = "PermissionsBoundary"

    /// The same for the domain.
    var usage: PolicyUsage { self == .permissions ? .permissions : .boundary }
}
