import AWSCore
import IAM
import Identity

/// Changes a role's description; UpdateRole has taken its place.
struct UpdateRoleDescription: RoleOperation {
    let roleName: RoleName
    let description: RoleDescription

    func run(_ context: OperationContext) async throws -> RoleOutput {
        let role = try await context.account.updateRole(named: entityName, description: description.value)
        return RoleOutput(role: RoleShape(listed: role))
    }
}
