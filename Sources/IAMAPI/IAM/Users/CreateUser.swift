import AWSCore
import IAM
import Identity

/// Makes a user, without any rights yet.
struct CreateUser: IAMOperation {
    let path: Path?
    let userName: UserName
    let permissionsBoundary: EntityARN?
    let tags: TagList?

    func permissions(_ context: OperationContext) -> [Permission] {
        let user = Account.arn(of: .user, path: path?.value ?? "/", name: userName.value, in: context.caller.account)
        return [permission(on: Target(arn: user), tags: tags, boundary: permissionsBoundary)] + tagging(TagUser.self, user, tags)
    }

    func run(_ context: OperationContext) async throws -> UserOutput {
        let user = try await context.account.createUser(
            userName.value, path: path?.value ?? "/", boundary: permissionsBoundary?.value, tags: tags.tags)
        return UserOutput(user: UserShape(user, tags: tags.tags))
    }
}
