import AWSCore
import Identity

/// Takes the boundary of a user away.
struct DeleteUserPermissionsBoundary: UserOperation {
    let userName: UserName

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.deleteBoundary(of: .user, named: entityName)
        return NoOutput()
    }
}
