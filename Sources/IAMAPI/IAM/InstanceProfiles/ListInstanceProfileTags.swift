import AWSCore
import IAM
import Identity

/// Lists an instance profile's tags by key.
struct ListInstanceProfileTags: InstanceProfileOperation {
    let instanceProfileName: InstanceProfileName
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> TagsOutput {
        let name = instanceProfileName.value
        return try TagsOutput(await context.account.tags(ofInstanceProfile: name), of: name, marker, maxItems, context)
    }
}
