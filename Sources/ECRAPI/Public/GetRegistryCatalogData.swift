import AWSCore
import IAM
import RegistryCore

/// Gives what is said of the caller's public registry.
struct GetRegistryCatalogData: PublicOperation {
    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] { [permission(in: registry)] }

    func run(in registry: Registry, context: OperationContext) async throws -> RegistryCatalogDataOutput {
        RegistryCatalogDataOutput(displayName: try await registry.displayName())
    }
}

/// The output of GetRegistryCatalogData and PutRegistryCatalogData.
struct RegistryCatalogDataOutput: JSONObject {
    let displayName: String?

    func members(_ json: inout JSONWriter) {
        json.member("registryCatalogData") { $0.member("displayName", displayName) }
    }
}
