import AWSCore
import IAM
import Identity

/// Tells what policies that are given would allow.
struct SimulateCustomPolicy: IAMOperation, Simulation.Request {
    let policyInputList: [PolicyText]
    let permissionsBoundaryPolicyInputList: [PolicyText]?
    let orderedOrganizationPolicyInputList: Bounded.List<0, 7, OrganizationLevel>?
    let actionNames: [Simulation.ActionName]
    let resourceArns: [Simulation.ResourceName]?
    let resourcePolicy: PolicyText?
    let resourceOwner: Simulation.ResourceName?
    let callerArn: Simulation.ResourceName?
    let contextEntries: [ContextEntry]?
    let resourceHandlingOption: Bounded.Text<1, 64>?
    let maxItems: MaxItems?
    let marker: Marker?

    /// The model's OrderedOrganizationPolicyType.
    struct OrganizationLevel: Decodable, Sendable {
        let serviceControlPolicyInputList: [PolicyText]?
    }

    func permissions(_ context: OperationContext) -> [Permission] { [permission()] }

    func run(_ context: OperationContext) async throws -> SimulationOutput {
        if resourcePolicy != nil, callerArn == nil { throw AWSError("InvalidInput", "CallerArn is required with a ResourcePolicy.") }
        let caller =
            if let callerArn { try await SimulatedCaller(callerArn.value, context.identity) } else {
                SimulatedCaller(unknownIn: context.caller.account)
            }
        let levels = orderedOrganizationPolicyInputList?.values ?? []
        let simulation = try Simulation(
            self, identity: SimulatorPolicy.list(policyInputList, called: "PolicyInputList"),
            boundary: SimulatorPolicy.boundary(permissionsBoundaryPolicyInputList),
            organization: levels.map { try SimulatorPolicy.list($0.serviceControlPolicyInputList, called: "ServiceControlPolicyInputList") },
            caller: caller)
        return try answer(simulation, context)
    }
}
