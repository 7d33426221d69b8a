import Identity

/// Lists the managed policies of a group, by ARN.
struct ListAttachedGroupPolicies: GroupOperation {
    let groupName: GroupName
    let pathPrefix: PolicyPath?
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> AttachedPoliciesOutput {
        let policies = try await context.account.attachedPolicies(of: .group, named: entityName, pathPrefix: pathPrefix?.value ?? "/")
        return try AttachedPoliciesOutput(policies, of: entityName, marker, maxItems, context)
    }
}
