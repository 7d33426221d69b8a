import AWSCore
import IAM
import Identity

/// Adds tags to a user, or replaces their values.
struct TagUser: IAMOperation {
    let userName: ExistingUserName
    let tags: TagList

    func permissions(_ context: OperationContext) async throws -> [Permission] {
        [permission(on: try await context.account.arn(of: .user, named: userName.value), tags: tags)]
    }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.addTags(Optional(tags).tags, to: .user, named: userName.value)
        return NoOutput()
    }
}
