import Identity

/// Lists the names of a user's own policies.
struct ListUserPolicies: UserOperation {
    let userName: ExistingUserName
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> PolicyNamesOutput {
        let policies = try await context.account.inlinePolicies(of: .user, named: entityName)
        return try PolicyNamesOutput(policies, of: entityName, marker, maxItems, context)
    }
}
