import AWSCore
import Identity

/// Deletes a version of a managed policy that is not the one that holds.
struct DeletePolicyVersion: PolicyOperation {
    let policyArn: EntityARN
    let versionId: PolicyVersionID

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.deletePolicyVersion(policyArn.value, versionId.value)
        return NoOutput()
    }
}
