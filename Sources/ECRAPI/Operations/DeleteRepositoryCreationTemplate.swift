import AWSCore
import IAM
import OCI
import RegistryCore

/// Removes a template; the repositories that were made with it stay.
struct DeleteRepositoryCreationTemplate: ECROperation {
    let prefix: TemplatePrefix

    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] { [permission(in: registry)] }

    func run(in registry: Registry, context: OperationContext) async throws -> TemplateOutput {
        let deleted = try await registry.deleteTemplate(prefix)
        return TemplateOutput(registry: registry.id, repositoryCreationTemplate: try await TemplateShape(deleted, context))
    }
}
