import Identity

/// Adds a version to a managed policy.
struct CreatePolicyVersion: PolicyOperation {
    let policyArn: EntityARN
    let policyDocument: PolicyText
    let setAsDefault: Bool?

    func run(_ context: OperationContext) async throws -> PolicyVersionOutput {
        let version = try await context.account.createPolicyVersion(
            policyArn.value, document: policyDocument.value, isDefault: setAsDefault ?? false)
        return PolicyVersionOutput(policyVersion: PolicyVersionShape(version))
    }
}
