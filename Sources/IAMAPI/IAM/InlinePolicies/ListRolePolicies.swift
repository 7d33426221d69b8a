import Identity

/// Lists the names of a role's own policies.
struct ListRolePolicies: RoleOperation {
    let roleName: RoleName
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> PolicyNamesOutput {
        let policies = try await context.account.inlinePolicies(of: .role, named: entityName)
        return try PolicyNamesOutput(policies, of: entityName, marker, maxItems, context)
    }
}
