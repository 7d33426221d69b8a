import AWSCore
import OCI
import RegistryCore

/// Deletes a repository, one that holds images only by `force`.
struct DeleteRepository<Service: ECRService>: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: Service.RepositoryName
    let force: Bool?

    func run(in registry: Registry, context: OperationContext) async throws -> RepositoryOutput<Service.RepositoryShape> {
        let deleted = try await registry.deleteRepository(repository, force: force ?? false)
        return RepositoryOutput(repository: try await Service.shape(of: deleted, in: registry, context))
    }
}
