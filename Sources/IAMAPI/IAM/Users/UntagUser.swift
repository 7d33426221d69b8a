import AWSCore
import IAM
import Identity

/// Takes tags of a user away, by key.
struct UntagUser: UserOperation {
    let userName: ExistingUserName
    let tagKeys: TagKeyList

    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context), untagging: tagKeys)] }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.removeTags(tagKeys.values.map(\.value), from: .user, named: entityName)
        return NoOutput()
    }
}
