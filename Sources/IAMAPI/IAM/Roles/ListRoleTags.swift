import AWSCore
import IAM
import Identity

/// Lists a role's tags by key.
struct ListRoleTags: RoleOperation {
    let roleName: RoleName
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> TagsOutput {
        try TagsOutput(await context.account.tags(of: .role, named: entityName), of: entityName, marker, maxItems, context)
    }
}
