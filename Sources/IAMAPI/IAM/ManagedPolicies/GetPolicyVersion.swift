import Identity

/// Tells a version of a managed policy, with its document.
struct GetPolicyVersion: PolicyOperation {
    let policyArn: EntityARN
    let versionId: PolicyVersionID

    func run(_ context: OperationContext) async throws -> PolicyVersionOutput {
        let version = try await context.account.policyVersion(policyArn.value, versionId.value)
        return PolicyVersionOutput(policyVersion: PolicyVersionShape(version, withDocument: true))
    }
}
