import AWSCore
import Stores

extension Account {
    /// Makes a managed policy, its first version the one that holds. Throws `policyExists` for a name that is taken in any case of
    /// letters, `malformedPolicy`, `quotaExceeded` for one that is too large.
    package func createPolicy(
        _ name: String, path: String = "/", description: String? = nil, document: String, tags: [IAMTag] = []
    ) async throws -> ManagedPolicy {
        try checkManagedPolicy(document)
        let (policyID, account) = (UniqueID.make("ANPA", ids), id)
        let arn = arn("policy\(path)\(name)").description
        return try await database.write { transaction in
            let now = transaction.now
            let policy = ManagedPolicy(
                id: policyID, arn: arn, name: name, path: path, description: description, defaultVersion: 1, lastVersion: 1, createdAt: now,
                updatedAt: now)
            do {
                try transaction.savepoint { try PolicyRecords.insert(policy, account: account, transaction) }
            } catch DatabaseError.uniqueViolation {
                throw IdentityError.policyExists(name: name)
            }
            let version = PolicyVersion(number: 1, document: document, isDefault: true, createdAt: now)
            try PolicyVersionRecords.insert(version, policy: policyID, transaction)
            try transaction.addTags(tags, to: policyID)
            try AuthorizationChanges.advance(transaction)
            return policy
        }
    }

    /// Throws `malformedPolicy`, and `quotaExceeded` for a document that is too large.
    func checkManagedPolicy(_ document: String) throws {
        try checkIdentityPolicy(document)
        guard document.sizeWithoutBlanks <= ManagedPolicy.sizeLimit else {
            throw IdentityError.quotaExceeded(.policySize, limit: ManagedPolicy.sizeLimit)
        }
    }

    /// Deletes a managed policy. Throws `policyNotFound`, `policyOfAWS`, and `deleteConflict` while it is used or has more versions
    /// than the one that holds.
    package func deletePolicy(_ arn: String) async throws {
        let id = id
        try await database.write { transaction in
            let policy = try transaction.changeablePolicy(arn, of: id)
            let use = try transaction.use(of: arn, in: id)
            guard use.attachments == 0, use.boundaries == 0 else { throw IdentityError.deleteConflict(.policyInUse) }
            let versions = try PolicyVersionRecords.list(of: policy, transaction)
            guard versions.count <= 1 else { throw IdentityError.deleteConflict(.policyVersions) }
            for version in versions { try PolicyVersionRecords.delete(version.number, policy: policy.id, transaction) }
            try TagRecords.deleteAll(of: policy.id, transaction)
            try PolicyRecords.delete(id: policy.id, transaction)
            try AuthorizationChanges.advance(transaction)
        }
    }
}
