import AWSCore
import Identity

/// Tells a role's own policy of this name.
struct GetRolePolicy: RoleOperation {
    let roleName: RoleName
    let policyName: PolicyName

    func run(_ context: OperationContext) async throws -> Output {
        let (entity, policy) = try await context.account.inlinePolicy(policyName.value, of: .role, named: entityName)
        return Output(roleName: entity.name, policyName: policy.name, policyDocument: PercentEncodedText(policy.document))
    }

    struct Output: Encodable, Sendable {
        let roleName: String
        let policyName: String
        let policyDocument: PercentEncodedText
    }
}
