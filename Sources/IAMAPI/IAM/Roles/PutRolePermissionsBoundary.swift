import AWSCore
import IAM
import Identity

/// Makes a managed policy the boundary of a role.
struct PutRolePermissionsBoundary: RoleOperation {
    let roleName: RoleName
    let permissionsBoundary: EntityARN

    func permissions(_ context: OperationContext) async throws -> [Permission] {
        [permission(on: try await target(context), boundary: permissionsBoundary)]
    }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.putBoundary(permissionsBoundary.value, on: .role, named: entityName)
        return NoOutput()
    }
}
