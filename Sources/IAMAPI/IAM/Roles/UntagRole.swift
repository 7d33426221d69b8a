import AWSCore
import IAM
import Identity

/// Takes tags from a role by key.
struct UntagRole: RoleOperation {
    let roleName: RoleName
    let tagKeys: TagKeyList

    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context), untagging: tagKeys)] }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.removeTags(tagKeys.values.map(\.value), from: .role, named: entityName)
        return NoOutput()
    }
}
