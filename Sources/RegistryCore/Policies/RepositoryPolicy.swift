import OCI
import Stores

extension Registry {
    /// The policy of a repository, as it is stored. Throws `repositoryNotFound`, `repositoryPolicyNotFound`.
    package func policy(of name: RepositoryName) async throws -> String {
        let id = id
        return try await database.read { transaction in
            try transaction.policy(of: transaction.repository(name, in: id))
        }
    }

    /// Sets the policy of a repository, which must be a valid one; holds from the next request on. Throws `repositoryNotFound`.
    package func setPolicy(_ text: String, of name: RepositoryName) async throws {
        let id = id
        try await database.write { transaction in
            let repository = try transaction.repository(name, in: id)
            try transaction.put(policy: text, on: repository)
        }
    }

    /// Removes the policy of a repository; returns it. Throws `repositoryNotFound`, `repositoryPolicyNotFound`.
    package func deletePolicy(of name: RepositoryName) async throws -> String {
        let id = id
        return try await database.write { transaction in
            let repository = try transaction.repository(name, in: id)
            let text = try transaction.policy(of: repository)
            try transaction.execute("DELETE FROM repo_policies WHERE repo_id = \(repository.rowID)")
            try AuthorizationChanges.advance(transaction)
            return text
        }
    }
}

extension ReadTransaction {
    fileprivate func policy(of repository: Repository) throws -> String {
        guard let text = try first("SELECT text FROM repo_policies WHERE repo_id = \(repository.rowID)", { $0.text(0) }) else {
            throw RegistryError.repositoryPolicyNotFound(repository.name, registry: repository.registry)
        }
        return text
    }
}

extension WriteTransaction {
    /// Sets the policy of a repository.
    func put(policy text: String, on repository: Repository) throws {
        try execute(
            """
            INSERT INTO repo_policies (repo_id, text) VALUES (\(repository.rowID), \(text))
            ON CONFLICT (repo_id) DO UPDATE SET text = excluded.text
            """)
        try AuthorizationChanges.advance(self)
    }
}
