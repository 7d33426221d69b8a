import AWSCore
import Identity

/// Gives a user a policy of its own, or replaces the one of this name.
struct PutUserPolicy: UserOperation {
    let userName: ExistingUserName
    let policyName: PolicyName
    let policyDocument: PolicyText

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.putInlinePolicy(policyName.value, policyDocument.value, to: .user, named: entityName)
        return NoOutput()
    }
}
