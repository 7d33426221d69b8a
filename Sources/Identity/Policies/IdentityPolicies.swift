import AWSCore
import IAM
import Stores

/// The policies on the identity side of a decision: what a principal's own account says of it.
package struct IdentityPolicies: Sendable {
    /// Of the user and its groups, or of the role: inline policies by their names, managed ones by their ARNs.
    package let policies: [NamedPolicy]
    package let boundary: NamedPolicy?

    /// Those of `caller`; none of a root, of nobody, and of a principal that is gone.
    package static func load(for caller: Caller, _ transaction: any ReadTransaction) throws -> IdentityPolicies {
        try load(of: caller.principalID, transaction)
    }

    /// Those of the user or role of this unique id. Throws when a stored policy cannot be read: never are rights decided without it.
    package static func load(of id: String, _ transaction: any ReadTransaction) throws -> IdentityPolicies {
        guard let entity = try EntityRecords.find(id: id, transaction) else { return IdentityPolicies(policies: [], boundary: nil) }
        let holders = [id] + (entity.kind == .user ? try MembershipRecords.groupIDs(of: id, transaction) : [])
        let inline = try InlinePolicyRecords.documents(of: holders, transaction)
        let attached = try AttachmentRecords.policies(of: holders, transaction).map { arn in
            (name: arn, document: try transaction.currentDocument(of: arn, for: entity.account))
        }
        return IdentityPolicies(
            policies: try (inline + attached).map { try NamedPolicy(stored: $0.name, $0.document) },
            boundary: try entity.boundary.map { try NamedPolicy(stored: $0, transaction.currentDocument(of: $0, for: entity.account)) })
    }
}

extension ReadTransaction {
    /// The document of the version of a managed policy that holds. Throws `policyNotFound`.
    package func currentDocument(of arn: String, for account: AccountID) throws -> String {
        if let policy = AWSManagedPolicies.find(arn) { return policy.document }
        guard let document = try PolicyRecords.currentDocument(of: arn, account: account, self) else { throw IdentityError.policyNotFound(arn: arn) }
        return document
    }
}

extension NamedPolicy {
    /// A policy that was checked when it was stored.
    fileprivate init(stored name: String, _ document: String) throws {
        do {
            self.init(name: name, document: try PolicyDocument(json: document, as: .identity))
        } catch {
            throw DatabaseError.other("policy \(name) cannot be read: \(error)")
        }
    }
}
