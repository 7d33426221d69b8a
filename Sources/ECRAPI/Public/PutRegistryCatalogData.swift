import AWSCore
import IAM
import RegistryCore

/// Sets what is said of the caller's public registry; without a name nothing changes.
struct PutRegistryCatalogData: PublicOperation {
    let displayName: Bounded.Text<0, 100>?

    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] { [permission(in: registry)] }

    func run(in registry: Registry, context: OperationContext) async throws -> RegistryCatalogDataOutput {
        if let name = displayName?.value { try await registry.putDisplayName(name) }
        return RegistryCatalogDataOutput(displayName: try await registry.displayName())
    }
}
