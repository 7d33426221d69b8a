import AWSCore
import IAM
import Identity

/// Gives a group a managed policy of the account or of AWS.
struct AttachGroupPolicy: GroupOperation {
    let groupName: GroupName
    let policyArn: EntityARN

    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context), policy: policyArn)] }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.attachPolicy(policyArn.value, to: .group, named: entityName)
        return NoOutput()
    }
}
