import AWSCore
import Identity

/// Tells a user's own policy of this name.
struct GetUserPolicy: UserOperation {
    let userName: ExistingUserName
    let policyName: PolicyName

    func run(_ context: OperationContext) async throws -> Output {
        let (entity, policy) = try await context.account.inlinePolicy(policyName.value, of: .user, named: entityName)
        return Output(userName: entity.name, policyName: policy.name, policyDocument: PercentEncodedText(policy.document))
    }

    struct Output: Encodable, Sendable {
        let userName: String
        let policyName: String
        let policyDocument: PercentEncodedText
    }
}
