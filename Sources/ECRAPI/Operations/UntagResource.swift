import AWSCore
import RegistryCore

/// Removes tags from a repository; keys that are absent are no error.
struct UntagResource: ResourceOperation {
    let resourceArn: RepositoryARN
    let tagKeys: [String]

    func run(in registry: Registry, context: OperationContext) async throws -> EmptyOutput {
        try await registry.removeResourceTags(tagKeys, from: resourceArn.name(in: registry))
        return EmptyOutput()
    }
}
