import AWSCore
import IAM
import Identity

/// Takes a managed policy from a role.
struct DetachRolePolicy: RoleOperation {
    let roleName: RoleName
    let policyArn: EntityARN

    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context), policy: policyArn)] }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.detachPolicy(policyArn.value, from: .role, named: entityName)
        return NoOutput()
    }
}
