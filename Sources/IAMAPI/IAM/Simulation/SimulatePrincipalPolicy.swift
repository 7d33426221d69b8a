import AWSCore
import IAM
import Identity

/// Tells what a user, group or role may do, under policies that it has and others that are given.
struct SimulatePrincipalPolicy: IAMOperation, Simulation.Request {
    let policySourceArn: EntityARN
    let policyInputList: [PolicyText]?
    let permissionsBoundaryPolicyInputList: [PolicyText]?
    let policyExclusionList: Bounded.List<0, 256, PolicyExclusion>?
    let actionNames: [Simulation.ActionName]
    let resourceArns: [Simulation.ResourceName]?
    let resourcePolicy: PolicyText?
    let resourceOwner: Simulation.ResourceName?
    let callerArn: Simulation.ResourceName?
    let contextEntries: [ContextEntry]?
    let resourceHandlingOption: Bounded.Text<1, 64>?
    let maxItems: MaxItems?
    let marker: Marker?

    func permissions(_ context: OperationContext) -> [Permission] { [permission(on: ARN(policySourceArn.value))] }

    func run(_ context: OperationContext) async throws -> SimulationOutput {
        let sources = try await context.account.policySources(of: policySourceArn.value)
        let exclusions = policyExclusionList?.values ?? []
        for exclusion in exclusions { try exclusion.check() }
        let kept = sources.policies.filter { source in !exclusions.contains { $0.excludes(source) } }
        let attached = exclusions.contains { $0.excludesBoundary } ? nil : sources.boundary
        let boundary = try SimulatorPolicy.boundary(permissionsBoundaryPolicyInputList)
        let simulation = try await Simulation(
            self, identity: SimulatorPolicy.list(kept) + SimulatorPolicy.list(policyInputList, called: "PolicyInputList"),
            boundary: boundary ?? attached.flatMap { source in try SimulatorPolicy.list([source]).first },
            caller: SimulatedCaller(callerArn?.value ?? policySourceArn.value, context.identity))
        return try answer(simulation, context)
    }
}
