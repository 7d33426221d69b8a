import AWSCore
import Identity

/// Gives a group a policy of its own, or replaces the one of this name.
struct PutGroupPolicy: GroupOperation {
    let groupName: GroupName
    let policyName: PolicyName
    let policyDocument: PolicyText

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.putInlinePolicy(policyName.value, policyDocument.value, to: .group, named: entityName)
        return NoOutput()
    }
}
