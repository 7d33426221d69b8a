import AWSCore
import Identity

/// Takes a user out of a group.
struct RemoveUserFromGroup: GroupOperation {
    let groupName: GroupName
    let userName: ExistingUserName

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.removeUser(userName.value, fromGroup: entityName)
        return NoOutput()
    }
}
