import AWSCore
import RegistryCore

/// Lists the tags of a repository, by key.
struct ListTagsForResource<Service: ECRService>: ResourceOperation {
    let resourceArn: RepositoryARN<Service>

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        Output(tags: try await registry.resourceTags(of: resourceArn.name(in: registry)))
    }

    struct Output: JSONObject {
        let tags: [ResourceTag]

        func members(_ json: inout JSONWriter) {
            json.member("tags", tags)
        }
    }
}
