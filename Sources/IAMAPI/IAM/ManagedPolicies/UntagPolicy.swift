import AWSCore
import IAM
import Identity

/// Takes tags of a managed policy away, by key.
struct UntagPolicy: PolicyOperation {
    let policyArn: EntityARN
    let tagKeys: TagKeyList

    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context), untagging: tagKeys)] }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.removeTags(tagKeys.values.map(\.value), fromPolicy: policyArn.value)
        return NoOutput()
    }
}
