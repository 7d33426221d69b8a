import AWSCore
import IAM

/// Tells callers who they are; needs no permission.
struct GetCallerIdentity: STSOperation {
    func permissions(_ context: OperationContext) -> [Permission] { [] }

    func run(_ context: OperationContext) -> Output {
        Output(arn: context.caller.arn, userId: context.caller.userID, account: context.caller.account.description)
    }

    struct Output: Encodable, Sendable {
        let arn: String
        let userId: String
        let account: String
    }
}
