import AWSCore
import IAM
import RegistryCore

/// Removes tags from a repository; keys that are absent are no error.
struct UntagResource: ResourceOperation {
    let resourceArn: RepositoryARN
    let tagKeys: [String]

    func permissions(in registry: Registry) -> [Permission] { [permission(on: resourceArn.arn, facts: [ConditionKey.tagKeys: tagKeys])] }

    func run(in registry: Registry, context: OperationContext) async throws -> EmptyOutput {
        try await registry.removeResourceTags(tagKeys, from: resourceArn.name(in: registry))
        return EmptyOutput()
    }
}
