import AWSCore
import IAM
import Identity

/// Tells of an instance profile and its role.
struct GetInstanceProfile: InstanceProfileOperation {
    let instanceProfileName: InstanceProfileName

    func run(_ context: OperationContext) async throws -> InstanceProfileOutput {
        let profile = try await context.account.instanceProfile(named: instanceProfileName.value)
        let tags = try await context.account.tags(ofInstanceProfile: instanceProfileName.value)
        return InstanceProfileOutput(instanceProfile: InstanceProfileShape(profile, tags: tags))
    }
}
