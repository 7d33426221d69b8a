import AWSCore
import IAM
import Identity

/// Tells of a user; without a name, of the caller, which may be the account's root.
struct GetUser: IAMOperation {
    let userName: ExistingUserName?

    func permissions(_ context: OperationContext) async throws -> [Permission] {
        [permission(on: try await context.target(of: context.owner(userName)))]
    }

    func run(_ context: OperationContext) async throws -> UserOutput {
        switch try context.owner(userName) {
        case .root: return UserOutput(user: UserShape(rootOf: context.account, createdAt: try await context.account.createdAt()))
        case .user(let name):
            let user = try await context.account.entity(.user, named: name)
            return UserOutput(user: UserShape(user, tags: try await context.account.tags(of: .user, named: name)))
        }
    }
}
