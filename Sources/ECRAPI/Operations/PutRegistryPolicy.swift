import AWSCore
import IAM
import RegistryCore

/// Sets the policy of the caller's registry.
struct PutRegistryPolicy: ECROperation {
    let policyText: Bounded.Text<0, 10240>

    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] { [permission(in: registry)] }

    func run(in registry: Registry, context: OperationContext) async throws -> RegistryPolicyOutput {
        let policy = try await context.resourcePolicy(policyText.value, as: .container, of: PrivateECR.name)
        try await registry.setRegistryPolicy(policy.stored)
        return RegistryPolicyOutput(registry: registry.id, policyText: policy.shown)
    }
}

/// The output of the operations on a registry's policy.
struct RegistryPolicyOutput: JSONObject {
    let registry: RegistryID
    let policyText: String

    func members(_ json: inout JSONWriter) {
        json.member("registryId", registry.account)
        json.member("policyText", policyText)
    }
}
