import AWSCore
import IAM
import Identity

/// Adds tags to an instance profile, or replaces their values.
struct TagInstanceProfile: InstanceProfileOperation {
    let instanceProfileName: InstanceProfileName
    let tags: TagList

    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context), tags: tags)] }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.addTags(tags.values.tags, toInstanceProfile: instanceProfileName.value)
        return NoOutput()
    }
}
