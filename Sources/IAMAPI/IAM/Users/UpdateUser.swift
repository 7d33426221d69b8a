import AWSCore
import IAM
import Identity

/// Gives a user another name or path, or both; takes the right to do so to both the old and the new user.
struct UpdateUser: UserOperation {
    let userName: ExistingUserName
    let newPath: Path?
    let newUserName: UserName?

    func permissions(_ context: OperationContext) async throws -> [Permission] {
        let target = try await target(context)
        guard newPath != nil || newUserName != nil, let user = try await context.account.find(.user, named: entityName) else {
            return [permission(on: target)]
        }
        let renamed = Account.arn(
            of: .user, path: newPath?.value ?? user.path, name: newUserName?.value ?? user.name, in: context.caller.account)
        return [permission(on: target), permission(on: renamed)]
    }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.rename(.user, named: entityName, to: newUserName?.value, path: newPath?.value)
        return NoOutput()
    }
}
