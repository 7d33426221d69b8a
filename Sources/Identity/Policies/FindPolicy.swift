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

extension ReadTransaction {
    /// The managed policy of this ARN that `account` can use: its own, or AWS's. Throws `invalidPolicyARN` and `policyNotFound`.
    func policy(_ arn: String, for account: AccountID) throws -> ManagedPolicy {
        guard let parsed = ARN(arn), parsed.service == "iam", parsed.resource.hasPrefix("policy/") else {
            throw IdentityError.invalidPolicyARN(arn)
        }
        if let policy = AWSManagedPolicies.find(arn) { return ManagedPolicy(policy) }
        guard parsed.account == account.description, let policy = try PolicyRecords.find(arn, self) else {
            throw IdentityError.policyNotFound(arn: arn)
        }
        return policy
    }

    /// Passes when `policy(_:for:)` finds one.
    func requirePolicy(_ arn: String, for account: AccountID) throws { _ = try policy(arn, for: account) }
}
