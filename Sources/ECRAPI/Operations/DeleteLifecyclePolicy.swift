import AWSCore
import OCI
import RegistryCore

/// Removes the lifecycle policy of a repository, and gives it back.
struct DeleteLifecyclePolicy: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName

    func run(in registry: Registry, context: OperationContext) async throws -> LifecyclePolicyOutput {
        LifecyclePolicyOutput(
            registry: registry.id, repositoryName: repositoryName, policy: try await registry.deleteLifecyclePolicy(of: repositoryName))
    }
}
