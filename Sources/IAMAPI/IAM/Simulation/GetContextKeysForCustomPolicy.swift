import AWSCore
import IAM
import Identity

/// Tells the condition keys that policies ask for.
struct GetContextKeysForCustomPolicy: IAMOperation {
    let policyInputList: [PolicyText]

    func permissions(_ context: OperationContext) -> [Permission] { [permission()] }

    func run(_ context: OperationContext) throws -> ContextKeysOutput {
        try ContextKeysOutput(SimulatorPolicy.list(policyInputList, called: "PolicyInputList"))
    }
}

/// The output of the operations that tell condition keys.
struct ContextKeysOutput: Encodable, Sendable {
    let contextKeyNames: QueryList<String>

    init(_ policies: [SimulatorPolicy]) { contextKeyNames = QueryList(contextKeys(of: policies.map(\.document))) }
}
