import AWSCore
import IAM
import Identity

/// Takes tags from an instance profile by key.
struct UntagInstanceProfile: InstanceProfileOperation {
    let instanceProfileName: InstanceProfileName
    let tagKeys: TagKeyList

    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context), untagging: tagKeys)] }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.removeTags(tagKeys.values.map(\.value), fromInstanceProfile: instanceProfileName.value)
        return NoOutput()
    }
}
