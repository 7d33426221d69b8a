import AWSCore
import IAM
import Identity

/// Tells whose account an access key is of; needs no permission.
struct GetAccessKeyInfo: STSOperation {
    let accessKeyId: AccessKeyID

    func permissions(_ context: OperationContext) -> [Permission] { [] }

    func run(_ context: OperationContext) async throws -> Output {
        let id = accessKeyId.value
        guard let account = try await context.identity.credentials.account(ofKey: id) else {
            throw AWSError("ValidationError", "The access key \(id) cannot be found.")
        }
        return Output(account: account.description)
    }

    struct Output: Encodable, Sendable {
        let account: String
    }
}
