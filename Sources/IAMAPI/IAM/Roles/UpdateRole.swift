import AWSCore
import IAM
import Identity

/// Changes a role's description and how long its sessions may last.
struct UpdateRole: RoleOperation {
    let roleName: RoleName
    let description: RoleDescription?
    let maxSessionDuration: SessionDuration?

    func run(_ context: OperationContext) async throws -> Output {
        try await context.account.updateRole(
            named: entityName, description: description?.value, maxSessionSeconds: maxSessionDuration?.value)
        return Output()
    }

    /// Has no members, but is there.
    struct Output: Encodable, Sendable {}
}
