import AWSCore
import Identity
import Stores

/// Makes an access key, whose secret this answer shows and none later.
struct CreateAccessKey: AccessKeyOperation {
    let userName: ExistingUserName?

    func run(_ context: OperationContext) async throws -> Output {
        let owner = try context.owner(userName)
        let key = try await context.account.createAccessKey(for: owner)
        return Output(
            accessKey: AccessKeyShape(
                userName: owner.userName ?? "root", accessKeyId: key.id, status: .active, secretAccessKey: key.secret, createDate: key.createdAt))
    }

    struct Output: Encodable, Sendable {
        let accessKey: AccessKeyShape
    }

    /// The model's AccessKey.
    struct AccessKeyShape: Encodable, Sendable {
        let userName: String
        let accessKeyId: String
        let status: AccessKeyState
        let secretAccessKey: String
        let createDate: Timestamp
    }
}
