import AWSCore
import IAM
import RegistryCore

/// Adds tags to a repository, or replaces their values.
struct TagResource<Service: ECRService>: ResourceOperation {
    let resourceArn: RepositoryARN<Service>
    let tags: Service.Tags

    func permissions(in registry: Registry) -> [Permission] { [permission(on: resourceArn.arn, facts: tags.list.requestFacts)] }

    func run(in registry: Registry, context: OperationContext) async throws -> EmptyOutput {
        try await registry.addResourceTags(tags.list.checked(), to: resourceArn.name(in: registry))
        return EmptyOutput()
    }
}

/// The output of operations that tell nothing.
struct EmptyOutput: JSONObject {
    func members(_ json: inout JSONWriter) {}
}
