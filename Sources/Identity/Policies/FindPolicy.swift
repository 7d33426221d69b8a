import AWSCore
import Stores

extension ManagedPolicy {
    /// One of AWS's own as every other.
    init(_ policy: AWSManagedPolicy) {
        self.init(
            id: policy.id, arn: policy.arn, name: policy.name, path: policy.path, description: policy.description, defaultVersion: policy.version,
            lastVersion: policy.version, createdAt: policy.createdAt, updatedAt: policy.updatedAt)
    }
}

extension ARN {
    /// The ARN of a managed policy; nil for anything else.
    init?(policy text: String) {
        guard let arn = ARN(text), arn.service == "iam", arn.resource.hasPrefix("policy/") else { return nil }
        self = arn
    }
}

extension ReadTransaction {
    /// The managed policy of this ARN that `account` can use: its own, or AWS's. Throws `invalidPolicyARN` and `policyNotFound`.
    func policy(_ arn: String, for account: AccountID) throws -> ManagedPolicy {
        guard let parsed = ARN(policy: arn) else { throw IdentityError.invalidPolicyARN(arn) }
        if let policy = AWSManagedPolicies.find(arn) { return ManagedPolicy(policy) }
        guard parsed.account == account.description, let policy = try PolicyRecords.find(arn, self) else {
            throw IdentityError.policyNotFound(arn: arn)
        }
        return policy
    }

    /// Passes when there is a policy to attach. Throws `invalidPolicyARN` and `policyNotAttachable`.
    func requirePolicy(_ arn: String, for account: AccountID) throws {
        do {
            _ = try policy(arn, for: account)
        } catch IdentityError.policyNotFound {
            throw IdentityError.policyNotAttachable(arn: arn)
        }
    }

    /// Passes when there is a policy to attach to an entity of the account's own. Throws `policyOfService` besides.
    func requireAttachablePolicy(_ arn: String, for account: AccountID) throws {
        try requirePolicy(arn, for: account)
        guard AWSManagedPolicies.find(arn)?.isOfService != true else { throw IdentityError.policyOfService(arn: arn) }
    }

    /// The policy of this ARN, which is the account's own and can be changed. Throws `policyOfAWS` besides.
    func changeablePolicy(_ arn: String, of account: AccountID) throws -> ManagedPolicy {
        let found = try policy(arn, for: account)
        guard !found.isOfAWS else { throw IdentityError.policyOfAWS(arn: arn) }
        return found
    }

    /// How often a policy is used in `account`.
    func use(of arn: String, in account: AccountID) throws -> PolicyUse {
        let (attached, bounded) = try AttachmentRecords.count(of: arn, in: account, self)
        return PolicyUse(attachments: attached, boundaries: bounded)
    }
}

/// How often a managed policy is used.
package struct PolicyUse: Hashable, Sendable {
    /// By how many users, groups and roles.
    package let attachments: Int
    /// As how many boundaries.
    package let boundaries: Int

    package init(attachments: Int, boundaries: Int) {
        self.attachments = attachments
        self.boundaries = boundaries
    }
}

extension Account {
    /// A managed policy of the account or of AWS, with its use and, of the account's own, its tags. Throws `policyNotFound`.
    package func policy(_ arn: String) async throws -> (policy: ManagedPolicy, use: PolicyUse, tags: [IAMTag]) {
        let id = id
        return try await database.read { transaction in
            let policy = try transaction.policy(arn, for: id)
            return (policy, try transaction.use(of: arn, in: id), try TagRecords.list(of: policy.id, transaction))
        }
    }

    /// The tags of a managed policy. Throws `policyNotFound`.
    package func tags(ofPolicy arn: String) async throws -> [IAMTag] { try await policy(arn).tags }

    /// Adds tags to a policy of the account. Throws `policyNotFound`, `policyOfAWS`, and what tags may not be.
    package func addTags(_ tags: [IAMTag], toPolicy arn: String) async throws {
        let id = id
        try await database.write { transaction in
            try transaction.addTags(tags, to: transaction.changeablePolicy(arn, of: id).id)
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// Takes tags of a policy of the account away. Throws `policyNotFound`, `policyOfAWS`.
    package func removeTags(_ keys: [String], fromPolicy arn: String) async throws {
        let id = id
        try await database.write { transaction in
            let policy = try transaction.changeablePolicy(arn, of: id)
            for key in keys { try TagRecords.delete(key, of: policy.id, transaction) }
            try AuthorizationChanges.advance(transaction)
        }
    }
}
