import AWSCore
import OCI
import RegistryCore

/// Gives the lifecycle policy of a repository, as it was put.
struct GetLifecyclePolicy: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName

    func run(in registry: Registry, context: OperationContext) async throws -> LifecyclePolicyOutput {
        LifecyclePolicyOutput(registry: registry.id, repositoryName: repositoryName, policy: try await registry.lifecyclePolicy(of: repositoryName))
    }
}
