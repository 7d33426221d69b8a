import AWSCore
import Identity

/// Makes a version of a managed policy the one that holds.
struct SetDefaultPolicyVersion: PolicyOperation {
    let policyArn: EntityARN
    let versionId: PolicyVersionID

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.setDefaultPolicyVersion(policyArn.value, versionId.value)
        return NoOutput()
    }
}
