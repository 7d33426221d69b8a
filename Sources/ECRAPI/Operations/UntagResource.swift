import AWSCore
import IAM
import RegistryCore

/// Removes tags from a repository; keys that are absent are no error.
struct UntagResource<Service: ECRService>: ResourceOperation {
    let resourceArn: RepositoryARN<Service>
    let tagKeys: Service.TagKeys

    func permissions(in registry: Registry) -> [Permission] { [permission(on: resourceArn.arn, facts: [ConditionKey.tagKeys: tagKeys.list])] }

    func run(in registry: Registry, context: OperationContext) async throws -> EmptyOutput {
        try await registry.removeResourceTags(tagKeys.list, from: resourceArn.name(in: registry))
        return EmptyOutput()
    }
}
