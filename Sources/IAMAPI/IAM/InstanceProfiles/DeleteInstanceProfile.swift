import AWSCore
import IAM
import Identity

/// Deletes an instance profile without role.
struct DeleteInstanceProfile: InstanceProfileOperation {
    let instanceProfileName: InstanceProfileName

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.deleteInstanceProfile(instanceProfileName.value)
        return NoOutput()
    }
}
