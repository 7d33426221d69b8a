import AWSCore
import IAM
import RegistryCore

/// Gives the policy of the caller's registry.
struct GetRegistryPolicy: ECROperation {
    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] { [permission(in: registry)] }

    func run(in registry: Registry, context: OperationContext) async throws -> RegistryPolicyOutput {
        let stored = try await registry.registryPolicy()
        return RegistryPolicyOutput(registry: registry.id, policyText: try await context.principals.show(stored))
    }
}
