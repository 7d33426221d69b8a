import AWSCore
import IAM
import Identity
import OCI
import RegistryCore
import Stores

/// The policies and tags that the database has for a request now, in one snapshot. What was read is remembered until the next change of any
/// of it, so that most requests read no more than the count of changes.
package struct CurrentPolicies: Sendable {
    private struct ResourceKey: Hashable, Sendable {
        let registry: RegistryID
        let repository: RepositoryName?
    }

    private let database: any Database
    private let principals = VersionedCache<String, PrincipalRules>(capacity: 16_384)
    private let sessions = VersionedCache<SessionFacts, RememberedRules>(capacity: 4096)
    private let resources = VersionedCache<ResourceKey, ResourceRules>(capacity: 16_384)

    package init(database: any Database) { self.database = database }

    /// What bears on `permission` for `caller` in the registry of `region`.
    package func facts(for caller: Caller, _ permission: Permission, _ region: Region) async throws -> AuthorizationFacts {
        try await database.read { transaction in
            let version = try AuthorizationChanges.count(transaction)
            let principal = try principalRules(of: caller, at: version, transaction)
            let session = try sessionRules(of: caller, at: version, transaction)
            let resource = try resourceRules(of: permission, caller, region, at: version, transaction)
            let rules = resource?.rules(for: permission.action)

            var facts = AuthorizationFacts(resourceTags: resource?.tags ?? [:])
            facts.policies.identity = principal?.identity.policies ?? []
            facts.policies.boundary = principal?.boundary?.policies.first
            facts.policies.session = session?.policies
            facts.policies.resource = rules?.policies ?? []
            // Most policies do not ask for the names of images, and looking them up is not free.
            let asksForImages = [principal?.identity, principal?.boundary, session, rules].contains { $0?.asksForImages == true }
            if asksForImages, let image = ImageSubject(permission) {
                facts.names = try image.names(transaction)
                facts.isOneNameEnough = image.isOneNameEnough
            }
            return facts
        }
    }

    /// Nil for whoever has no policies of its own.
    private func principalRules(of caller: Caller, at version: Int64, _ transaction: any ReadTransaction) throws -> PrincipalRules? {
        switch caller.kind {
        case .anonymous, .root: nil
        case .user, .role, .federatedUser:
            try principals.value(of: caller.principalID, at: version) {
                PrincipalRules(try IdentityPolicies.load(for: caller, transaction))
            }
        }
    }

    /// Nil for sessions with all the rights of their principal, as GetSessionToken gives; without any policy, GetFederationToken gives none.
    private func sessionRules(of caller: Caller, at version: Int64, _ transaction: any ReadTransaction) throws -> RememberedRules? {
        guard let session = caller.session else { return nil }
        guard !session.policies.isEmpty || !session.policyARNs.isEmpty || session.origin == .federationToken else { return nil }
        return try sessions.value(of: session, at: version) {
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

    /// Nil for the actions of other services, whose resources have no policies here.
    private func resourceRules(
        of permission: Permission, _ caller: Caller, _ region: Region, at version: Int64, _ transaction: any ReadTransaction
    ) throws -> ResourceRules? {
        guard permission.action.hasPrefix("ecr:") else { return nil }
        let registry = RegistryID(account: permission.owner ?? caller.account, region: region)
        let name = permission.resource.flatMap { registry.repositoryName(from: $0) }
        return try resources.value(of: ResourceKey(registry: registry, repository: name), at: version) {
            try ResourceRules(transaction.accessRules(of: registry, repository: name))
        }
    }
}
