import AWSCore
import IAM
import Identity

/// Makes a group, without users and rights yet.
struct CreateGroup: IAMOperation {
    let path: Path?
    let groupName: GroupName

    func permissions(_ context: OperationContext) -> [Permission] {
        [permission(on: Account.arn(of: .group, path: path?.value ?? "/", name: groupName.value, in: context.caller.account))]
    }

    func run(_ context: OperationContext) async throws -> Output {
        Output(group: GroupShape(try await context.account.createGroup(groupName.value, path: path?.value ?? "/")))
    }

    struct Output: Encodable, Sendable {
        let group: GroupShape
    }
}
