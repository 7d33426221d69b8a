import AWSCore
import OCI
import RegistryCore

/// Replaces what is said of a public repository. The logo, which callers cannot read back to send again, stays when none is given.
struct PutRepositoryCatalogData: PublicOperation, RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: PublicRepositoryName
    let catalogData: CatalogDataInput

    func run(in registry: Registry, context: OperationContext) async throws -> CatalogDataOutput {
        let stored = try await registry.putCatalogData(catalogData.data, logo: catalogData.logoImageBlob?.bytes, of: repository)
        return CatalogDataOutput(catalogData: CatalogDataShape(stored, context))
    }
}
