import AWSCore
import IAM
import Identity

/// Makes a role that a trust policy says who may act as.
struct CreateRole: IAMOperation {
    let path: Path?
    let roleName: RoleName
    let assumeRolePolicyDocument: PolicyText
    let description: RoleDescription?
    let maxSessionDuration: SessionDuration?
    let permissionsBoundary: EntityARN?
    let tags: TagList?

    func permissions(_ context: OperationContext) -> [Permission] {
        let role = Account.arn(of: .role, path: path?.value ?? "/", name: roleName.value, in: context.caller.account)
        return [permission(on: Target(arn: role), tags: tags, boundary: permissionsBoundary)] + tagging(TagRole.self, role, tags)
    }

    func run(_ context: OperationContext) async throws -> RoleOutput {
        let role = try await context.account.createRole(
            roleName.value, path: path?.value ?? "/", trustPolicy: assumeRolePolicyDocument.value, description: description?.value,
            maxSessionSeconds: maxSessionDuration?.value ?? Role.defaultSessionSeconds, boundary: permissionsBoundary?.value, tags: tags.tags)
        return RoleOutput(role: RoleShape(created: role, tags: tags.tags))
    }
}
