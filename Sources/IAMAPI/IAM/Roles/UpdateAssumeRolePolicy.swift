import AWSCore
import IAM
import Identity

/// Replaces who may act as a role.
struct UpdateAssumeRolePolicy: RoleOperation {
    let roleName: RoleName
    let policyDocument: PolicyText

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.setTrustPolicy(policyDocument.value, ofRole: entityName)
        return NoOutput()
    }
}
