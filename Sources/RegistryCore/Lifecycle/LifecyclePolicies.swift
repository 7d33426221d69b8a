import Lifecycle
import OCI
import Stores

/// The lifecycle policy of a repository.
package struct StoredLifecyclePolicy: Hashable, Sendable {
    /// As it was put.
    package let text: String
    /// When its last evaluation began; 1970 before the first.
    package let evaluatedAt: Timestamp
}

extension Registry {
    /// The lifecycle policy of a repository. Throws `repositoryNotFound`, `lifecyclePolicyNotFound`.
    package func lifecyclePolicy(of name: RepositoryName) async throws -> StoredLifecyclePolicy {
        let id = id
        return try await database.read { transaction in
            try transaction.lifecyclePolicy(of: transaction.repository(name, in: id))
        }
    }

    /// Sets the lifecycle policy of a repository; it is evaluated at once, in the background. Throws `LifecyclePolicyFault`,
    /// `repositoryNotFound`.
    package func putLifecyclePolicy(_ text: String, of name: RepositoryName) async throws {
        let id = id
        try limits.check(lifecyclePolicy: text)
        try await database.write { transaction in
            try transaction.putLifecyclePolicy(text, of: transaction.repository(name, in: id))
        }
    }

    /// Removes the lifecycle policy of a repository; returns it. Throws `repositoryNotFound`, `lifecyclePolicyNotFound`.
    package func deleteLifecyclePolicy(of name: RepositoryName) async throws -> StoredLifecyclePolicy {
        let id = id
        return try await database.write { transaction in
            let repository = try transaction.repository(name, in: id)
            let policy = try transaction.lifecyclePolicy(of: repository)
            try transaction.execute("DELETE FROM lifecycle_policies WHERE repo_id = \(repository.rowID)")
            try transaction.abandonSweep(LifecycleSweep.ID(repositoryID: repository.rowID, kind: .policy))
            return policy
        }
    }
}

extension Limits {
    /// Passes for the text of a policy that may be set. Throws `LifecyclePolicyFault`.
    package func check(lifecyclePolicy text: String) throws(LifecyclePolicyFault) {
        let length = text.unicodeScalars.count
        guard length <= lifecyclePolicyCharacters else {
            throw LifecyclePolicyFault(findings: ["string is too long (length: \(length), maximum allowed: \(lifecyclePolicyCharacters))"])
        }
        _ = try LifecyclePolicy(text, maximumRules: lifecyclePolicyRules)
    }
}

extension ReadTransaction {
    /// The lifecycle policy of a repository. Throws `lifecyclePolicyNotFound`.
    func lifecyclePolicy(of repository: Repository) throws -> StoredLifecyclePolicy {
        let found = try first("SELECT text, evaluated_at FROM lifecycle_policies WHERE repo_id = \(repository.rowID)") { row in
            StoredLifecyclePolicy(text: row.text(0), evaluatedAt: row.timestamp(1))
        }
        guard let found else { throw RegistryError.lifecyclePolicyNotFound(repository.name, registry: repository.registry) }
        return found
    }
}

extension WriteTransaction {
    /// Sets the lifecycle policy of a repository, which must be a valid one, and makes it due.
    func putLifecyclePolicy(_ text: String, of repository: Repository) throws {
        try execute(
            """
            INSERT INTO lifecycle_policies (repo_id, text, due_at) VALUES (\(repository.rowID), \(text), \(now))
            ON CONFLICT (repo_id) DO UPDATE SET text = excluded.text, due_at = excluded.due_at
            """)
        try abandonSweep(LifecycleSweep.ID(repositoryID: repository.rowID, kind: .policy))
    }

    /// Says that a repository has changed, so that its policy, if any, is due soon: late enough for the pushes of a busy hour to
    /// share one evaluation.
    func hastenLifecycle(of repository: Repository) throws {
        let soon = now + .seconds(10 * 60)
        try execute("UPDATE lifecycle_policies SET due_at = \(soon) WHERE repo_id = \(repository.rowID) AND due_at > \(soon)")
    }
}
