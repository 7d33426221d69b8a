import AWSCore
import Stores

extension Account {
    /// Adds a version to a policy, which holds at once when `isDefault`. Throws `policyNotFound`, `policyOfAWS`, `malformedPolicy`,
    /// `quotaExceeded` for one that is too large, `tooManyPolicyVersions`.
    package func createPolicyVersion(_ arn: String, document: String, isDefault: Bool) async throws -> PolicyVersion {
        try checkManagedPolicy(document)
        let id = id
        return try await database.write { transaction in
            let policy = try transaction.changeablePolicy(arn, of: id)
            guard try PolicyVersionRecords.list(of: policy, transaction).count < ManagedPolicy.versionLimit else {
                throw IdentityError.tooManyPolicyVersions(limit: ManagedPolicy.versionLimit)
            }
            let version = PolicyVersion(
                number: policy.lastVersion + 1, document: document, isDefault: isDefault, createdAt: transaction.now)
            try PolicyVersionRecords.insert(version, policy: policy.id, transaction)
            try PolicyRecords.update(
                id: policy.id, defaultVersion: isDefault ? version.number : policy.defaultVersion, lastVersion: version.number, transaction)
            try AuthorizationChanges.advance(transaction)
            return version
        }
    }

    /// The versions of a policy of the account or of AWS, newest first. Throws `policyNotFound`.
    package func policyVersions(_ arn: String) async throws -> [PolicyVersion] {
        let id = id
        return try await database.read { try $0.versions(of: arn, for: id) }
    }

    /// One version by its id, `v1` and up. Throws `policyNotFound` and `policyVersionNotFound`.
    package func policyVersion(_ arn: String, _ versionID: String) async throws -> PolicyVersion {
        let id = id
        return try await database.read { try $0.version(versionID, of: arn, for: id) }
    }

    /// Makes another version the one that holds. Throws `policyNotFound`, `policyOfAWS`, `policyVersionNotFound`.
    package func setDefaultPolicyVersion(_ arn: String, _ versionID: String) async throws {
        let id = id
        try await database.write { transaction in
            let policy = try transaction.changeablePolicy(arn, of: id)
            let version = try transaction.version(versionID, of: arn, for: id)
            try PolicyRecords.update(id: policy.id, defaultVersion: version.number, lastVersion: policy.lastVersion, transaction)
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// Throws `policyNotFound`, `policyOfAWS`, `policyVersionNotFound`, and `deleteConflict` for the version that holds.
    package func deletePolicyVersion(_ arn: String, _ versionID: String) async throws {
        let id = id
        try await database.write { transaction in
            let policy = try transaction.changeablePolicy(arn, of: id)
            let version = try transaction.version(versionID, of: arn, for: id)
            guard !version.isDefault else { throw IdentityError.deleteConflict(.defaultPolicyVersion) }
            try PolicyVersionRecords.delete(version.number, policy: policy.id, transaction)
            try PolicyRecords.update(id: policy.id, defaultVersion: policy.defaultVersion, lastVersion: policy.lastVersion, transaction)
            try AuthorizationChanges.advance(transaction)
        }
    }
}

extension ReadTransaction {
    func versions(of arn: String, for account: AccountID) throws -> [PolicyVersion] {
        if let policy = AWSManagedPolicies.find(arn) {
            return [PolicyVersion(number: policy.version, document: policy.document, isDefault: true, createdAt: policy.updatedAt)]
        }
        return try PolicyVersionRecords.list(of: policy(arn, for: account), self)
    }

    fileprivate func version(_ versionID: String, of arn: String, for account: AccountID) throws -> PolicyVersion {
        guard let found = try versions(of: arn, for: account).first(where: { $0.id == versionID }) else {
            throw IdentityError.policyVersionNotFound(arn: arn, version: versionID)
        }
        return found
    }
}
