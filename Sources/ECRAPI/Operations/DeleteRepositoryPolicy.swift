import AWSCore
import OCI
import RegistryCore

/// Removes the policy of a repository, and gives it back.
struct DeleteRepositoryPolicy: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName

    func run(in registry: Registry, context: OperationContext) async throws -> RepositoryPolicyOutput {
        let stored = try await registry.deletePolicy(of: repositoryName)
        return RepositoryPolicyOutput(registry: registry.id, repositoryName: repositoryName, policyText: try await context.principals.show(stored))
    }
}
