import Identity

/// Lists the managed policies of a user, by ARN.
struct ListAttachedUserPolicies: UserOperation {
    let userName: UserName
    let pathPrefix: PolicyPath?
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> AttachedPoliciesOutput {
        let policies = try await context.account.attachedPolicies(of: .user, named: entityName, pathPrefix: pathPrefix?.value ?? "/")
        return try AttachedPoliciesOutput(policies, of: entityName, marker, maxItems, context)
    }
}
