import AWSCore
import IAM
import Identity
import OCI
import RegistryCore
import Stores

/// The policies and tags that the database has for a request now, in one snapshot. What was read is remembered until the next change of any
/// of it, so that most requests read no more than the count of changes, and that only after a commit.
package struct CurrentPolicies: Sendable {
    private struct ResourceKey: Hashable, Sendable {
        let registry: RegistryID
        let repository: RepositoryName?
    }

    private let database: any Database
    private let changes = AuthorizationChanges.remembered()
    private let principals = VersionedCache<String, PrincipalRules>(capacity: 16_384)
    private let sessions = VersionedCache<SessionFacts, RememberedRules>(capacity: 4096)
    private let resources = VersionedCache<ResourceKey, ResourceRules>(capacity: 16_384)

    package init(database: any Database) { self.database = database }

    /// What bears on `permission` for `caller` in the registry of `region`.
    package func facts(for caller: Caller, _ permission: Permission, _ region: Region) async throws -> AuthorizationFacts {
        let version = try await changes.value(for: true, in: database) { try AuthorizationChanges.count($0) }
        if let rules = try rules(for: caller, permission, region, at: version, nil), !rules.asksForImages {
            return rules.facts(of: caller)
        }
        return try await database.read { transaction in
            let version = try AuthorizationChanges.count(transaction)
            guard let rules = try rules(for: caller, permission, region, at: version, transaction) else { return AuthorizationFacts() }
            var facts = rules.facts(of: caller)
            if rules.asksForImages, let image = ImageSubject(permission) {
                facts.names = try image.names(transaction)
                facts.isOneNameEnough = image.isOneNameEnough
                facts.reliesOnNames = true
            }
            return facts
        }
    }

    /// The rules of one state of the database. Nil without a transaction, when some of them were not read in that state.
    private func rules(
        for caller: Caller, _ permission: Permission, _ region: Region, at version: Int64, _ transaction: (any ReadTransaction)?
    ) throws -> RequestRules? {
        guard let principal = try principalRules(of: caller, at: version, transaction),
            let session = try sessionRules(of: caller, at: version, transaction),
            let resource = try resourceRules(of: permission, caller, region, at: version, transaction)
        else { return nil }
        return RequestRules(principal: principal, session: session, resource: resource, action: permission.action)
    }

    private func principalRules(of caller: Caller, at version: Int64, _ transaction: (any ReadTransaction)?) throws -> PrincipalRules? {
        switch caller.kind {
        case .anonymous, .root: return PrincipalRules.none
        case .user, .role, .federatedUser:
            return try principals.value(of: caller.principalID, at: version) {
                guard let found = try transaction.map({ try IdentityPolicies.load(for: caller, $0) }) else { return nil }
                return PrincipalRules(policies: found.policies, boundary: found.boundary)
            }
        }
    }

    /// Without policies for a session with all the rights of its principal, as GetSessionToken gives.
    private func sessionRules(of caller: Caller, at version: Int64, _ transaction: (any ReadTransaction)?) throws -> RememberedRules? {
        guard let session = caller.session, session.isCut else { return RememberedRules.none }
        return try sessions.value(of: session, at: version) {
            guard let transaction else { return nil }
            var texts = session.policies.map { (name: "session policy", text: $0) }
            for arn in session.policyARNs {
                do {
                    texts.append((arn, try transaction.currentDocument(of: arn, for: caller.account)))
                } catch IdentityError.policyNotFound {
                    // One that was deleted since lets nothing through any more.
                }
            }
            return RememberedRules(try texts.map { NamedPolicy(name: $0.name, document: try PolicyDocument(json: $0.text, as: .identity)) })
        }
    }

    /// Without policies for the actions of other services, whose resources have none here.
    private func resourceRules(
        of permission: Permission, _ caller: Caller, _ region: Region, at version: Int64, _ transaction: (any ReadTransaction)?
    ) throws -> ResourceRules? {
        let account = permission.owner ?? caller.account
        let registry: RegistryID
        if permission.action.hasPrefix("ecr:") {
            registry = RegistryID(account: account, region: region)
        } else if permission.action.hasPrefix("ecr-public:") {
            registry = RegistryID(publicOf: account)
        } else {
            return ResourceRules.none
        }
        let name = permission.resource.flatMap { registry.repositoryName(from: $0) }
        return try resources.value(of: ResourceKey(registry: registry, repository: name), at: version) {
            try transaction.map { try ResourceRules($0.accessRules(of: registry, repository: name)) }
        }
    }
}
