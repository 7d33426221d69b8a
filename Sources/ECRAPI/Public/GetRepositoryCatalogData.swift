import AWSCore
import OCI
import RegistryCore

/// Gives what is said of a public repository; nothing is said of one that nobody described.
struct GetRepositoryCatalogData: PublicOperation, RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: PublicRepositoryName

    func run(in registry: Registry, context: OperationContext) async throws -> CatalogDataOutput {
        CatalogDataOutput(catalogData: CatalogDataShape(try await registry.catalogData(of: repository), context))
    }
}
