import AWSCore
import IAM
import Identity

/// Adds tags to a role, or replaces their values.
struct TagRole: RoleOperation {
    let roleName: RoleName
    let tags: TagList

    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context), tags: tags)] }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.addTags(tags.values.tags, to: .role, named: entityName)
        return NoOutput()
    }
}
