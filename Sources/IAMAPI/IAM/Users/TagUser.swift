import AWSCore
import IAM
import Identity

/// Adds tags to a user, or replaces their values.
struct TagUser: UserOperation {
    let userName: ExistingUserName
    let tags: TagList

    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context), tags: tags)] }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.addTags(tags.values.tags, to: .user, named: entityName)
        return NoOutput()
    }
}
