import AWSCore
import Identity

/// Deletes a group's own policy of this name.
struct DeleteGroupPolicy: GroupOperation {
    let groupName: GroupName
    let policyName: PolicyName

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.deleteInlinePolicy(policyName.value, of: .group, named: entityName)
        return NoOutput()
    }
}
