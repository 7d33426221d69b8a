import AWSCore
import IAM

/// The model's EvaluationResult: one action on all resources that were asked for.
struct EvaluationResultShape: Encodable, Sendable {
    let evalActionName: String
    let evalResourceName: String
    let evalDecision: String
    let matchedStatements: QueryList<StatementShape>
    let missingContextValues: QueryList<String>
    let organizationsDecisionDetail: OrganizationsDetail?
    let permissionsBoundaryDecisionDetail: BoundaryDetail?
    let evalDecisionDetails: QueryMap<String>?
    let resourceSpecificResults: QueryList<ResourceSpecificResultShape>?

    struct OrganizationsDetail: Encodable, Sendable {
        let allowedByOrganizations: Bool
    }

    struct BoundaryDetail: Encodable, Sendable {
        let allowedByPermissionsBoundary: Bool
    }

    /// `decisions` are those of `resources`, in their order.
    init(action: String, resources: [ARN?], decisions: [SimulatedDecision], in simulation: Simulation) {
        let namesResources = resources != [nil]
        let verdict = decisions.map(\.verdict).reduce(.allowed, SimulatedDecision.Verdict.stricter)
        evalActionName = action
        evalResourceName = ResourceTemplate.text(for: resources)
        evalDecision = verdict.rawValue
        matchedStatements = QueryList(
            decisions.filter { $0.verdict == verdict }.flatMap(\.matched).withoutRepetition.compactMap { StatementShape($0, in: simulation) })
        missingContextValues = QueryList(decisions.flatMap(\.missingKeys).withoutRepetition)
        organizationsDecisionDetail = decisions.compactMap(\.isAllowedByOrganization).all.map(OrganizationsDetail.init)
        permissionsBoundaryDecisionDetail = decisions.compactMap(\.isAllowedByBoundary).all.map(BoundaryDetail.init)
        evalDecisionDetails = namesResources ? .strictest(of: decisions) : nil
        resourceSpecificResults =
            namesResources
            ? QueryList(zip(resources, decisions).map { ResourceSpecificResultShape(resource: $0, decision: $1, in: simulation) }) : nil
    }
}

/// The model's ResourceSpecificResult: the action on one resource.
struct ResourceSpecificResultShape: Encodable, Sendable {
    let evalResourceName: String
    let evalResourceDecision: String
    let matchedStatements: QueryList<StatementShape>
    let missingContextValues: QueryList<String>
    let evalDecisionDetails: QueryMap<String>?
    let permissionsBoundaryDecisionDetail: EvaluationResultShape.BoundaryDetail?

    init(resource: ARN?, decision: SimulatedDecision, in simulation: Simulation) {
        evalResourceName = resource?.description ?? "*"
        evalResourceDecision = decision.verdict.rawValue
        matchedStatements = QueryList(decision.matched.compactMap { StatementShape($0, in: simulation) })
        missingContextValues = QueryList(decision.missingKeys)
        evalDecisionDetails = decision.details.isEmpty ? nil : .strictest(of: [decision])
        permissionsBoundaryDecisionDetail = decision.isAllowedByBoundary.map(EvaluationResultShape.BoundaryDetail.init)
    }
}

/// The model's Statement: where one lies.
struct StatementShape: Encodable, Sendable {
    struct Position: Encodable, Sendable {
        let line: Int
        let column: Int

        init(_ position: PolicyLayout.Position) {
            line = position.line
            column = position.column
        }
    }

    let sourcePolicyId: String
    let sourcePolicyType: String
    let startPosition: Position?
    let endPosition: Position?

    init?(_ statement: DecidingStatement, in simulation: Simulation) {
        guard let policy = simulation.policy(of: statement) else { return nil }
        let spans = PolicyLayout(of: policy.text).statements
        let span = spans.indices.contains(statement.index) ? spans[statement.index] : nil
        sourcePolicyId = policy.id
        sourcePolicyType = policy.type
        startPosition = span.map { Position($0.start) }
        endPosition = span.map { Position($0.end) }
    }
}

/// The form of ARNs of a type, as EvalResourceName tells it.
enum ResourceTemplate {
    private static let known: [String: String] = [
        "ecr:repository": "arn:${Partition}:ecr:${Region}:${Account}:repository/${RepositoryName}",
        "ecr-public:repository": "arn:${Partition}:ecr-public::${Account}:repository/${RepositoryName}",
        "iam:user": "arn:${Partition}:iam::${Account}:user/${UserNameWithPath}",
        "iam:group": "arn:${Partition}:iam::${Account}:group/${GroupNameWithPath}",
        "iam:role": "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}",
        "iam:policy": "arn:${Partition}:iam::${Account}:policy/${PolicyNameWithPath}",
        "iam:instance-profile": "arn:${Partition}:iam::${Account}:instance-profile/${InstanceProfileNameWithPath}",
        "iam:oidc-provider": "arn:${Partition}:iam::${Account}:oidc-provider/${OidcProviderName}",
    ]

    /// The form that all of `resources` have; `*` when they have none in common, or none that is known.
    static func text(for resources: [ARN?]) -> String {
        let types = Set(resources.map { arn in arn.map { "\($0.service):\($0.resource.prefix { $0 != "/" })" } ?? "" })
        return types.count == 1 ? types.first.flatMap { known[$0] } ?? "*" : "*"
    }
}

extension QueryMap<String> {
    /// For each kind of policy the most restrictive decision, by AWS's name of the kind.
    fileprivate static func strictest(of decisions: [SimulatedDecision]) -> QueryMap<String> {
        var details: [String: SimulatedDecision.Verdict] = [:]
        for (kind, verdict) in decisions.flatMap(\.details) {
            let name =
                switch kind {
                case .boundary: "Permissions Boundary"
                case .resource: "Resource Policy"
                case .identity, .session, .serviceControl, .resourceControl: "IAM Policy"
                }
            details[name] = details[name].map { SimulatedDecision.Verdict.stricter($0, verdict) } ?? verdict
        }
        return QueryMap(details.mapValues(\.rawValue))
    }
}

extension [Bool] {
    /// True when all are; nil when there are none.
    fileprivate var all: Bool? { isEmpty ? nil : allSatisfy { $0 } }
}

extension Array where Element: Hashable {
    /// The same without what came before.
    var withoutRepetition: [Element] {
        var known: Set<Element> = []
        return filter { known.insert($0).inserted }
    }
}
