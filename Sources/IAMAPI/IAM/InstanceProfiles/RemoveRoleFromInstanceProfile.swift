import AWSCore
import IAM
import Identity

/// Takes an instance profile's role away.
struct RemoveRoleFromInstanceProfile: InstanceProfileOperation {
    let instanceProfileName: InstanceProfileName
    let roleName: RoleName

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.removeRole(roleName.value, fromInstanceProfile: instanceProfileName.value)
        return NoOutput()
    }
}
