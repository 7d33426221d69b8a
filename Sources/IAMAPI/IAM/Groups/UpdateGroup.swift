import AWSCore
import IAM
import Identity

/// Gives a group another name or path, or both; takes the right to do so to both the old and the new group.
struct UpdateGroup: GroupOperation {
    let groupName: GroupName
    let newPath: Path?
    let newGroupName: GroupName?

    func permissions(_ context: OperationContext) async throws -> [Permission] {
        let target = try await target(context)
        guard newPath != nil || newGroupName != nil, let group = try await context.account.find(.group, named: entityName) else {
            return [permission(on: target)]
        }
        let renamed = Account.arn(
            of: .group, path: newPath?.value ?? group.path, name: newGroupName?.value ?? group.name, in: context.caller.account)
        return [permission(on: target), permission(on: renamed)]
    }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.rename(.group, named: entityName, to: newGroupName?.value, path: newPath?.value)
        return NoOutput()
    }
}
