import IAM
import RegistryCore
import Stores

/// Policies that were read together, and whether any of them asks for the names of images.
struct RememberedRules: Sendable {
    static let none = RememberedRules([])

    let policies: [NamedPolicy]
    let asksForImages: Bool

    init(_ policies: [NamedPolicy]) {
        self.policies = policies
        let keys = Set([ConditionKey.imageTag, ConditionKey.imageDigest].map { $0.lowercased() })
        asksForImages = contextKeys(of: policies.map(\.document)).contains { keys.contains($0.lowercased()) }
    }
}

/// A user's or role's policies.
struct PrincipalRules: Sendable {
    static let none = PrincipalRules(policies: [], boundary: nil)

    let identity: RememberedRules
    let boundary: RememberedRules

    init(policies: [NamedPolicy], boundary: NamedPolicy?) {
        identity = RememberedRules(policies)
        self.boundary = RememberedRules(boundary.map { [$0] } ?? [])
    }
}

/// What a repository and its registry say.
struct ResourceRules: Sendable {
    /// The actions that a registry policy of scope V1 decides on.
    private static let firstScope: Set = ["ecr:ReplicateImage", "ecr:BatchImportUpstreamImage", "ecr:CreateRepository"]

    static let none = ResourceRules(tags: [:], repository: [], registry: [], isFirstScope: false)

    let tags: [String: String]
    private let repository: RememberedRules
    private let all: RememberedRules
    private let isFirstScope: Bool

    private init(tags: [String: String], repository: [NamedPolicy], registry: [NamedPolicy], isFirstScope: Bool) {
        self.tags = tags
        self.repository = RememberedRules(repository)
        all = RememberedRules(repository + registry)
        self.isFirstScope = isFirstScope
    }

    /// Throws `MalformedPolicy` for a stored policy that this version of Berth does not understand: then nothing is decided.
    init(_ rules: AccessRules) throws {
        self.init(
            tags: Dictionary(rules.resourceTags.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }),
            repository: try rules.repositoryPolicy.map { [NamedPolicy.ofRepository(try PolicyDocument(json: $0, as: .resource))] } ?? [],
            registry: try rules.registryPolicy.map { [NamedPolicy.ofRegistry(try PolicyDocument(json: $0, as: .container))] } ?? [],
            isFirstScope: rules.registryPolicyScope == "V1")
    }

    /// What decides on `action`.
    func rules(for action: String) -> RememberedRules { isFirstScope && !Self.firstScope.contains(action) ? repository : all }
}

/// All that was found for one request.
struct RequestRules: Sendable {
    private let principal: PrincipalRules
    private let session: RememberedRules
    private let resource: RememberedRules
    private let resourceTags: [String: String]

    init(principal: PrincipalRules, session: RememberedRules, resource: ResourceRules, action: String) {
        self.principal = principal
        self.session = session
        self.resource = resource.rules(for: action)
        resourceTags = resource.tags
    }

    /// Most policies do not ask for the names of images, and looking them up is not free.
    var asksForImages: Bool {
        principal.identity.asksForImages || principal.boundary.asksForImages || session.asksForImages || resource.asksForImages
    }

    func facts(of caller: Caller) -> AuthorizationFacts {
        var facts = AuthorizationFacts(resourceTags: resourceTags)
        facts.policies.identity = principal.identity.policies
        facts.policies.boundary = principal.boundary.policies.first
        facts.policies.resource = resource.policies
        switch caller.session?.origin {
        case .sessionToken: facts.policies.limits = .sessionToken
        // Its policies are all that it has.
        case .federationToken:
            facts.policies.limits = .federationToken
            facts.policies.session = session.policies
        case .assumeRole, .webIdentity, nil: break
        }
        if caller.session?.isCut == true { facts.policies.session = session.policies }
        return facts
    }
}

extension SessionFacts {
    /// True of sessions that policies were given for, whether these are still there or not.
    var isCut: Bool { !policies.isEmpty || !policyARNs.isEmpty }
}
