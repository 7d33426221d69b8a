import AWSCore
import Identity

/// Deletes a user that has nothing any more.
struct DeleteUser: UserOperation {
    let userName: ExistingUserName

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.deleteUser(entityName)
        return NoOutput()
    }
}
