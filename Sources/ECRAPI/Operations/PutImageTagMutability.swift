import AWSCore
import OCI
import RegistryCore

/// Replaces mode and exclusion filters of a repository's tags together.
struct PutImageTagMutability: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName
    let imageTagMutability: TagMutability.Mode
    let imageTagMutabilityExclusionFilters: ExclusionFilters?

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        let mutability = try TagMutability(mode: imageTagMutability, filters: imageTagMutabilityExclusionFilters)
        return Output(repository: try await registry.putTagMutability(mutability, of: repositoryName))
    }

    struct Output: JSONObject {
        let repository: Repository

        func members(_ json: inout JSONWriter) {
            json.member("registryId", repository.registry.account)
            json.member("repositoryName", repository.name)
            repository.mutability.write(to: &json)
        }
    }
}
