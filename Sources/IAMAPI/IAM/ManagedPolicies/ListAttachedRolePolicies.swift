import Identity

/// Lists the managed policies of a role, by ARN.
struct ListAttachedRolePolicies: RoleOperation {
    let roleName: RoleName
    let pathPrefix: PolicyPath?
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> AttachedPoliciesOutput {
        let policies = try await context.account.attachedPolicies(of: .role, named: entityName, pathPrefix: pathPrefix?.value ?? "/")
        return try AttachedPoliciesOutput(policies, of: entityName, marker, maxItems, context)
    }
}
