import AWSCore
import IAM
import RegistryCore

/// Adds tags to a repository, or replaces their values.
struct TagResource: ResourceOperation {
    let resourceArn: RepositoryARN
    let tags: [Tag]

    func permissions(in registry: Registry) -> [Permission] { [permission(on: resourceArn.arn, facts: tags.requestFacts)] }

    func run(in registry: Registry, context: OperationContext) async throws -> EmptyOutput {
        try await registry.addResourceTags(tags.checked(), to: resourceArn.name(in: registry))
        return EmptyOutput()
    }
}

/// The output of operations that tell nothing.
struct EmptyOutput: JSONObject {
    func members(_ json: inout JSONWriter) {}
}
