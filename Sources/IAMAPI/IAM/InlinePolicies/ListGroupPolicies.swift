import Identity

/// Lists the names of a group's own policies.
struct ListGroupPolicies: GroupOperation {
    let groupName: GroupName
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> PolicyNamesOutput {
        let policies = try await context.account.inlinePolicies(of: .group, named: entityName)
        return try PolicyNamesOutput(policies, of: entityName, marker, maxItems, context)
    }
}
