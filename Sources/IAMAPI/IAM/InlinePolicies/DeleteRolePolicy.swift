import AWSCore
import Identity

/// Deletes a role's own policy of this name.
struct DeleteRolePolicy: RoleOperation {
    let roleName: RoleName
    let policyName: PolicyName

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.deleteInlinePolicy(policyName.value, of: .role, named: entityName)
        return NoOutput()
    }
}
