import AWSCore
import IAM
import Identity

/// Takes the boundary of a role away.
struct DeleteRolePermissionsBoundary: RoleOperation {
    let roleName: RoleName

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.deleteBoundary(of: .role, named: entityName)
        return NoOutput()
    }
}
