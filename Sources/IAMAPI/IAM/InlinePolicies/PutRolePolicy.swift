import AWSCore
import Identity

/// Gives a role a policy of its own, or replaces the one of this name.
struct PutRolePolicy: RoleOperation {
    let roleName: RoleName
    let policyName: PolicyName
    let policyDocument: PolicyText

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.putInlinePolicy(policyName.value, policyDocument.value, to: .role, named: entityName)
        return NoOutput()
    }
}
