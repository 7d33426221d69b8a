import AWSCore
import OCI
import RegistryCore

/// Deletes a repository, one that holds images only by `force`.
struct DeleteRepository: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName
    let force: Bool?

    func run(in registry: Registry, context: OperationContext) async throws -> RepositoryOutput {
        let repository = try await registry.deleteRepository(repositoryName, force: force ?? false)
        return RepositoryOutput(repository: RepositoryShape(repository, context: context))
    }
}
