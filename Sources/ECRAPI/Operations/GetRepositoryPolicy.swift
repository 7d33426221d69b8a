import AWSCore
import OCI
import RegistryCore

/// Gives the policy of a repository.
struct GetRepositoryPolicy<Service: ECRService>: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: Service.RepositoryName

    func run(in registry: Registry, context: OperationContext) async throws -> RepositoryPolicyOutput {
        let stored = try await registry.policy(of: repository)
        return RepositoryPolicyOutput(registry: registry.id, repositoryName: repository, policyText: try await context.principals.show(stored))
    }
}
