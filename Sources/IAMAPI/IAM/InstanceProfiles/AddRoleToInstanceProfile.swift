import AWSCore
import IAM
import Identity

/// Gives an instance profile its role, which takes the right to pass the role on.
struct AddRoleToInstanceProfile: InstanceProfileOperation {
    let instanceProfileName: InstanceProfileName
    let roleName: RoleName

    func permissions(_ context: OperationContext) async throws -> [Permission] {
        let role = try await context.account.target(.role, named: roleName.value)
        return [
            permission(on: try await target(context)),
            Permission("iam:PassRole", on: role.arn, facts: ["iam:PassedToService": ["ec2.amazonaws.com"]]),
        ]
    }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.addRole(roleName.value, toInstanceProfile: instanceProfileName.value)
        return NoOutput()
    }
}
