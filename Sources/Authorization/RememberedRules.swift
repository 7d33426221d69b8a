import IAM
import Identity
import RegistryCore
import Stores

/// Policies that were read together, and whether any of them asks for the names of images.
struct RememberedRules: Sendable {
    let policies: [NamedPolicy]
    let asksForImages: Bool

    init(_ policies: [NamedPolicy]) {
        self.policies = policies
        let keys = Set([ConditionKey.imageTag, ConditionKey.imageDigest].map { $0.lowercased() })
        asksForImages = contextKeys(of: policies.map(\.document)).contains { keys.contains($0.lowercased()) }
    }
}

/// A user's or role's policies, read.
struct PrincipalRules: Sendable {
    let identity: RememberedRules
    let boundary: RememberedRules?

    init(_ found: IdentityPolicies) {
        identity = RememberedRules(found.policies)
        boundary = found.boundary.map { RememberedRules([$0]) }
    }
}

/// What a repository and its registry say, read.
struct ResourceRules: Sendable {
    /// The actions that a registry policy of scope V1 decides on.
    private static let firstScope: Set = ["ecr:ReplicateImage", "ecr:BatchImportUpstreamImage", "ecr:CreateRepository"]

    let tags: [String: String]
    private let repository: RememberedRules
    private let all: RememberedRules
    private let isFirstScope: Bool

    init(_ rules: AccessRules) throws {
        tags = Dictionary(rules.resourceTags.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        let policies = try rules.repositoryPolicy.map { [NamedPolicy.ofRepository(try PolicyDocument(json: $0, as: .resource))] } ?? []
        repository = RememberedRules(policies)
        all = RememberedRules(
            policies + (try rules.registryPolicy.map { [NamedPolicy.ofRegistry(try PolicyDocument(json: $0, as: .container))] } ?? []))
        isFirstScope = rules.registryPolicyScope == AccountSetting.registryPolicyScope.values.last
    }

    /// What decides on `action`.
    func rules(for action: String) -> RememberedRules { isFirstScope && !Self.firstScope.contains(action) ? repository : all }
}
