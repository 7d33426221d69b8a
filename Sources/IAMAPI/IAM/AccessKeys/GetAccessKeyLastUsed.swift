import AWSCore
import IAM
import Identity
import Stores

/// Tells whose an access key is, and when, where and for what it was last used.
struct GetAccessKeyLastUsed: IAMOperation {
    let accessKeyId: AccessKeyID

    func permissions(_ context: OperationContext) async throws -> [Permission] {
        do {
            return [permission(on: try await context.account.lastUse(ofAccessKey: accessKeyId.value).user?.arn)]
        } catch IdentityError.accessKeyNotFound {
            return [permission()]
        }
    }

    func run(_ context: OperationContext) async throws -> Output {
        let (user, use) = try await context.account.lastUse(ofAccessKey: accessKeyId.value)
        return Output(
            userName: user?.name,
            accessKeyLastUsed: LastUse(lastUsedDate: use?.usedAt, serviceName: use?.service ?? "N/A", region: use?.region ?? "N/A"))
    }

    struct Output: Encodable, Sendable {
        let userName: String?
        let accessKeyLastUsed: LastUse
    }

    /// The model's AccessKeyLastUsed.
    struct LastUse: Encodable, Sendable {
        let lastUsedDate: Timestamp?
        let serviceName: String
        let region: String
    }
}
