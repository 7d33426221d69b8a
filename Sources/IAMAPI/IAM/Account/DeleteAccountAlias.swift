import AWSCore
import Identity

/// Takes the account's alias away.
struct DeleteAccountAlias: AccountOperation {
    let accountAlias: AccountAlias

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.deleteAlias(accountAlias.value)
        return NoOutput()
    }
}
