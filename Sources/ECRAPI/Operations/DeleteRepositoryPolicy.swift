import AWSCore
import OCI
import RegistryCore

/// Removes the policy of a repository, and gives it back.
struct DeleteRepositoryPolicy<Service: ECRService>: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: Service.RepositoryName

    func run(in registry: Registry, context: OperationContext) async throws -> RepositoryPolicyOutput {
        let stored = try await registry.deletePolicy(of: repository)
        return RepositoryPolicyOutput(registry: registry.id, repositoryName: repository, policyText: try await context.principals.show(stored))
    }
}
