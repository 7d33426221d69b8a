import AWSCore
import IAM
import Identity

/// Tells the condition keys that the policies of a user, group or role ask for, and others that are given.
struct GetContextKeysForPrincipalPolicy: IAMOperation {
    let policySourceArn: EntityARN
    let policyInputList: [PolicyText]?

    func permissions(_ context: OperationContext) -> [Permission] { [permission(on: ARN(policySourceArn.value))] }

    func run(_ context: OperationContext) async throws -> ContextKeysOutput {
        let sources = try await context.account.policySources(of: policySourceArn.value)
        return try ContextKeysOutput(SimulatorPolicy.list(sources.policies) + SimulatorPolicy.list(policyInputList, called: "PolicyInputList"))
    }
}
