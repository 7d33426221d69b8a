import AWSCore
import IAM
import Identity

/// Adds tags to a managed policy, or replaces their values.
struct TagPolicy: PolicyOperation {
    let policyArn: EntityARN
    let tags: TagList

    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context), tags: tags)] }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.addTags(tags.values.tags, toPolicy: policyArn.value)
        return NoOutput()
    }
}
