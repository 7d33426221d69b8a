import AWSCore
import Identity

/// Deletes a user's own policy of this name.
struct DeleteUserPolicy: UserOperation {
    let userName: ExistingUserName
    let policyName: PolicyName

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.deleteInlinePolicy(policyName.value, of: .user, named: entityName)
        return NoOutput()
    }
}
