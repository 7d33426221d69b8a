import AWSCore
import IAM
import Identity

/// Makes an instance profile, without a role yet.
struct CreateInstanceProfile: IAMOperation {
    let instanceProfileName: InstanceProfileName
    let path: Path?
    let tags: TagList?

    func permissions(_ context: OperationContext) -> [Permission] {
        let profile = Account.arn(ofInstanceProfile: instanceProfileName.value, path: path?.value ?? "/", in: context.caller.account)
        return [permission(on: Target(arn: profile), tags: tags)] + tagging(TagInstanceProfile.self, profile, tags)
    }

    func run(_ context: OperationContext) async throws -> InstanceProfileOutput {
        let profile = try await context.account.createInstanceProfile(instanceProfileName.value, path: path?.value ?? "/", tags: tags.tags)
        return InstanceProfileOutput(instanceProfile: InstanceProfileShape(profile, tags: tags.tags))
    }
}
