import AWSCore
import Identity

/// Tells a group's own policy of this name.
struct GetGroupPolicy: GroupOperation {
    let groupName: GroupName
    let policyName: PolicyName

    func run(_ context: OperationContext) async throws -> Output {
        let (entity, policy) = try await context.account.inlinePolicy(policyName.value, of: .group, named: entityName)
        return Output(groupName: entity.name, policyName: policy.name, policyDocument: PercentEncodedText(policy.document))
    }

    struct Output: Encodable, Sendable {
        let groupName: String
        let policyName: String
        let policyDocument: PercentEncodedText
    }
}
