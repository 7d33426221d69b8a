import AWSCore
import IAM
import Identity

/// Gives a user a managed policy of the account or of AWS.
struct AttachUserPolicy: UserOperation {
    let userName: UserName
    let policyArn: EntityARN

    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context), policy: policyArn)] }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.attachPolicy(policyArn.value, to: .user, named: entityName)
        return NoOutput()
    }
}
