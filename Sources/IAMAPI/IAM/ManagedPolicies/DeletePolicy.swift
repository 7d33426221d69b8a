import AWSCore
import Identity

/// Deletes a managed policy that is used nowhere and has one version.
struct DeletePolicy: PolicyOperation {
    let policyArn: EntityARN

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.deletePolicy(policyArn.value)
        return NoOutput()
    }
}
