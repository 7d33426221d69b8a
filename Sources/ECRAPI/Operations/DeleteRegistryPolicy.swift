import AWSCore
import IAM
import RegistryCore

/// Removes the policy of the caller's registry, and gives it back.
struct DeleteRegistryPolicy: ECROperation {
    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] { [permission(in: registry)] }

    func run(in registry: Registry, context: OperationContext) async throws -> RegistryPolicyOutput {
        let stored = try await registry.deleteRegistryPolicy()
        return RegistryPolicyOutput(registry: registry.id, policyText: try await context.principals.show(stored))
    }
}
