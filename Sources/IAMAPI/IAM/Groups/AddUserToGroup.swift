import AWSCore
import Identity

/// Puts a user into a group.
struct AddUserToGroup: GroupOperation {
    let groupName: GroupName
    let userName: ExistingUserName

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.addUser(userName.value, toGroup: entityName)
        return NoOutput()
    }
}
