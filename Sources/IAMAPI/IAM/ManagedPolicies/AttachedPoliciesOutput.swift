import AWSCore
import Identity
import Stores

/// The output of the operations that list attached policies.
struct AttachedPoliciesOutput: Encodable, Sendable {
    let attachedPolicies: QueryList<AttachedPolicyShape>
    let isTruncated: Bool
    let marker: String?

    /// The page of `policies`, which `list` has, that is asked for.
    init(_ policies: [ManagedPolicy], of list: String, _ marker: Marker?, _ maxItems: MaxItems?, _ context: OperationContext) throws {
        let page = Page(of: policies, after: try context.markers.cursor(of: marker?.value, of: list), limit: maxItems.limit)
        attachedPolicies = QueryList(page.elements.map(AttachedPolicyShape.init))
        isTruncated = page.next != nil
        self.marker = try context.markers.token(after: page.next, of: list)
    }
}

/// The model's AttachedPolicy.
struct AttachedPolicyShape: Encodable, Sendable {
    let policyName: String
    let policyArn: String

    init(_ policy: ManagedPolicy) {
        policyName = policy.name
        policyArn = policy.arn
    }
}
