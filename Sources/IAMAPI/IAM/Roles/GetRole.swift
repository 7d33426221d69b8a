import AWSCore
import IAM
import Identity

/// Tells of a role, its trust policy and when it last acted.
struct GetRole: RoleOperation {
    let roleName: RoleName

    func run(_ context: OperationContext) async throws -> RoleOutput {
        let role = try await context.account.role(named: entityName)
        return RoleOutput(role: RoleShape(role, tags: try await context.account.tags(of: .role, named: entityName)))
    }
}
