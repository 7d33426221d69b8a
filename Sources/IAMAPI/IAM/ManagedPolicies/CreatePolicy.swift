import AWSCore
import IAM
import Identity

/// Makes a managed policy, with its first version.
struct CreatePolicy: IAMOperation {
    let policyName: PolicyName
    let path: PolicyPath?
    let policyDocument: PolicyText
    let description: Bounded.Text<0, 1000>?
    let tags: TagList?

    func permissions(_ context: OperationContext) -> [Permission] {
        let policy = context.account.arn("policy\(path?.value ?? "/")\(policyName.value)")
        return [permission(on: Target(arn: policy), tags: tags)] + tagging(TagPolicy.self, policy, tags)
    }

    func run(_ context: OperationContext) async throws -> PolicyOutput {
        let policy = try await context.account.createPolicy(
            policyName.value, path: path?.value ?? "/", description: description?.value, document: policyDocument.value, tags: tags.tags)
        return PolicyOutput(policy: PolicyShape(policy, PolicyUse(attachments: 0, boundaries: 0), tags: tags.tags))
    }
}
