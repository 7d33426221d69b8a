import AWSCore
import Identity

/// Deletes a group that has nothing any more.
struct DeleteGroup: GroupOperation {
    let groupName: GroupName

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.deleteGroup(entityName)
        return NoOutput()
    }
}
