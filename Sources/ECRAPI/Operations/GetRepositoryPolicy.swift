import AWSCore
import OCI
import RegistryCore

/// Gives the policy of a repository.
struct GetRepositoryPolicy: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName

    func run(in registry: Registry, context: OperationContext) async throws -> RepositoryPolicyOutput {
        let stored = try await registry.policy(of: repositoryName)
        return RepositoryPolicyOutput(registry: registry.id, repositoryName: repositoryName, policyText: try await context.principals.show(stored))
    }
}
