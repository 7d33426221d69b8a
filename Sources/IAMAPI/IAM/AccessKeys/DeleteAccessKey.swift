import AWSCore
import Identity

/// Deletes an access key.
struct DeleteAccessKey: AccessKeyOperation {
    let userName: ExistingUserName?
    let accessKeyId: AccessKeyID

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.deleteAccessKey(accessKeyId.value, of: context.owner(userName))
        return NoOutput()
    }
}
