import AWSCore
import IAM
import Identity
import Stores

/// A question to the simulator: every action on every resource, under these policies.
struct Simulation: Sendable {
    /// The members that SimulateCustomPolicy and SimulatePrincipalPolicy share.
    protocol Request {
        var actionNames: [ActionName] { get }
        var resourceArns: [ResourceName]? { get }
        var resourcePolicy: PolicyText? { get }
        var resourceOwner: ResourceName? { get }
        var contextEntries: [ContextEntry]? { get }
        var maxItems: MaxItems? { get }
        var marker: Marker? { get }
    }

    /// The model's ActionNameType and ResourceNameType.
    typealias ActionName = Bounded.Text<3, 128>
    typealias ResourceName = Bounded.Text<1, 2048>

    let identity: [SimulatorPolicy]
    let boundary: SimulatorPolicy?
    /// For each level of an organization, from the root down.
    let organization: [[SimulatorPolicy]]
    let resource: SimulatorPolicy?
    let principal: RequestPrincipal
    /// The account of resources whose ARN names none.
    let owner: AccountID
    let facts: [String: [String]]

    init(
        _ request: any Request, identity: [SimulatorPolicy], boundary: SimulatorPolicy?, organization: [[SimulatorPolicy]] = [],
        caller: SimulatedCaller
    ) throws {
        self.identity = identity
        self.boundary = boundary
        self.organization = organization
        resource = try request.resourcePolicy.map {
            try SimulatorPolicy(id: "ResourcePolicy", type: "Resource Policy", text: $0.value, as: .resource)
        }
        principal = caller.principal
        owner = try request.resourceOwner.map(Self.account) ?? caller.account
        var facts = caller.facts
        for entry in request.contextEntries ?? [] { try entry.add(to: &facts) }
        self.facts = facts
    }

    /// What comes of `action` on each of `resources`; nil stands for `*`.
    func result(of action: String, on resources: [ARN?]) -> EvaluationResultShape {
        let decisions = resources.map { simulate(request(action, on: $0), policies) }
        return EvaluationResultShape(action: action, resources: resources, decisions: decisions, in: self)
    }

    private func request(_ action: String, on resource: ARN?) -> EvaluatedRequest {
        let account = resource.flatMap { AccountID($0.account) } ?? owner
        var facts = facts
        if resource != nil, facts["aws:ResourceAccount"] == nil { facts["aws:ResourceAccount"] = [account.description] }
        return EvaluatedRequest(
            principal: principal, action: action, resource: resource, resourceAccount: account, context: ConditionContext(facts))
    }

    /// The policies as the engine takes them, each named by its place in `all`.
    private var policies: PolicySet {
        var set = PolicySet()
        set.identity = identity.enumerated().map { NamedPolicy(name: String($0), document: $1.document) }
        set.boundary = boundary.map { NamedPolicy(name: $0.id, document: $0.document) }
        set.serviceControl = organization.map { level in level.map { NamedPolicy(name: $0.id, document: $0.document) } }
        set.resource = resource.map { [NamedPolicy(name: $0.id, document: $0.document)] } ?? []
        return set
    }

    /// The policy that a statement of the engine's answer belongs to; nil for those of organizations, of which nothing is told.
    func policy(of statement: DecidingStatement) -> SimulatorPolicy? {
        switch statement.kind {
        case .identity: Int(statement.policy).map { identity[$0] }
        case .boundary: boundary
        case .resource: resource
        case .session, .serviceControl, .resourceControl: nil
        }
    }

    /// An account's id, or its root's ARN.
    private static func account(_ text: ResourceName) throws -> AccountID {
        guard let account = AccountID(text.value) ?? ARN(text.value).flatMap({ AccountID($0.account) }) else {
            throw AWSError("InvalidInput", "Invalid value for ResourceOwner: \(text.value)")
        }
        return account
    }
}

extension Simulation.Request {
    /// The resources that are asked for, nil for `*`. Throws `InvalidInput` for what is neither.
    private func resources() throws(AWSError) -> [ARN?] {
        var resources: [ARN?] = []
        for name in resourceArns ?? [] {
            guard name.value == "*" || ARN(name.value) != nil else { throw AWSError("InvalidInput", "Invalid resource ARN: \(name.value)") }
            resources.append(ARN(name.value))
        }
        return resources.isEmpty ? [nil] : resources
    }

    /// The page of results that is asked for.
    func answer(_ simulation: Simulation, _ context: OperationContext) throws -> SimulationOutput {
        for action in actionNames where ActionPattern(action.value) == nil || action.value.contains(where: { $0 == "*" || $0 == "?" }) {
            throw AWSError("InvalidInput", "Invalid Action Name: \(action.value)")
        }
        let resources = try resources()
        let page = Page(of: actionNames, after: try context.markers.cursor(of: marker?.value), limit: maxItems.limit)
        return SimulationOutput(
            evaluationResults: QueryList(page.elements.map { simulation.result(of: $0.value, on: resources) }), isTruncated: page.next != nil,
            marker: try context.markers.token(after: page.next))
    }
}

/// The output of both simulations.
struct SimulationOutput: Encodable, Sendable {
    let evaluationResults: QueryList<EvaluationResultShape>
    let isTruncated: Bool
    let marker: String?
}
