import AWSCore
import IAM
import OCI
import RegistryCore

/// Sets the policy of a repository; one that would shut its setter out only by `force`.
struct SetRepositoryPolicy<Service: ECRService>: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: Service.RepositoryName
    let policyText: Bounded.Text<0, 10240>
    let force: Bool?

    func run(in registry: Registry, context: OperationContext) async throws -> RepositoryPolicyOutput {
        let policy = try await context.resourcePolicy(policyText.value, as: .resource, of: Service.name)
        if force != true { try await requireWayBack(from: policy.document, in: registry, context) }
        try await registry.setPolicy(policy.stored, of: repository)
        return RepositoryPolicyOutput(registry: registry.id, repositoryName: repository, policyText: policy.shown)
    }

    /// Passes when the caller could set another policy after this one.
    private func requireWayBack(from policy: PolicyDocument, in registry: Registry, _ context: OperationContext) async throws {
        let permission = permission(on: registry.id.arn(of: repository))
        let decision = try await context.authorizer.decide(permission, context.request) { $0.policies.replaceRepositoryPolicy(by: policy) }
        guard !decision.isAllowed else { return }
        throw ConstraintViolation(
            member: "PolicyText",
            reason: "The policy would prevent you from setting another policy in the future. Use the force flag to set it all the same")
    }
}

/// The output of the operations on a repository's policy.
struct RepositoryPolicyOutput: JSONObject {
    let registry: RegistryID
    let repositoryName: RepositoryName
    let policyText: String

    func members(_ json: inout JSONWriter) {
        json.member("registryId", registry.account)
        json.member("repositoryName", repositoryName)
        json.member("policyText", policyText)
    }
}
