import Identity

/// Tells of a managed policy, but not its document, which GetPolicyVersion tells.
struct GetPolicy: PolicyOperation {
    let policyArn: EntityARN

    func run(_ context: OperationContext) async throws -> PolicyOutput {
        let (policy, use, tags) = try await context.account.policy(policyArn.value)
        return PolicyOutput(policy: PolicyShape(policy, use, description: policy.description, tags: tags))
    }
}
