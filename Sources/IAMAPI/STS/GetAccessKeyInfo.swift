import AWSCore
import IAM
import Identity

/// Tells whose account an access key is of; needs no permission.
struct GetAccessKeyInfo: STSOperation {
    let accessKeyId: Bounded.Text<16, 128>

    func permissions(_ context: OperationContext) -> [Permission] { [] }

    func run(_ context: OperationContext) async throws -> Output {
        let id = accessKeyId.value
        guard id.utf8.allSatisfy(\.isNameCharacter) else {
            throw AWSError.validation(
                "Value '\(id)' at 'accessKeyId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w]*")
        }
        guard let account = try await context.identity.credentials.account(ofKey: id) else {
            throw AWSError("ValidationError", "The access key \(id) cannot be found.")
        }
        return Output(account: account.description)
    }

    struct Output: Encodable, Sendable {
        let account: String
    }
}
