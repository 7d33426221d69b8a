import AWSCore
import Identity

/// Makes an access key active or inactive.
struct UpdateAccessKey: AccessKeyOperation {
    let userName: ExistingUserName?
    let accessKeyId: AccessKeyID
    let status: AccessKeyState

    func run(_ context: OperationContext) async throws -> NoOutput {
        guard status != .expired else { throw AWSError("InvalidInput", "The status of an access key can be set to Active or Inactive only.") }
        try await context.account.setAccessKey(accessKeyId.value, of: context.owner(userName), active: status == .active)
        return NoOutput()
    }
}
