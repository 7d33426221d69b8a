import AWSCore
import IAM
import Identity

/// Deletes a role that has nothing any more.
struct DeleteRole: RoleOperation {
    let roleName: RoleName

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.deleteRole(entityName)
        return NoOutput()
    }
}
