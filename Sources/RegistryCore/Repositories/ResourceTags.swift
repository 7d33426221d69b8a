import OCI
import Stores

extension Registry {
    /// The resource tags of a repository, by key. Throws `repositoryNotFound`.
    package func resourceTags(of name: RepositoryName) async throws -> [ResourceTag] {
        let id = id
        return try await database.read { transaction in
            try transaction.resourceTags(of: transaction.repository(name, in: id))
        }
    }

    /// Adds tags or replaces their values. Throws `repositoryNotFound`, `tooManyResourceTags`.
    package func addResourceTags(_ tags: [ResourceTag], to name: RepositoryName) async throws {
        let (id, limit) = (id, limits.resourceTags)
        try await database.write { transaction in
            let repository = try transaction.repository(name, in: id)
            for tag in tags { try transaction.putResourceTag(tag, on: repository) }
            let count = try transaction.first("SELECT COUNT(*) FROM repo_tags WHERE repo_id = \(repository.rowID)") { $0.integer(0) } ?? 0
            guard count <= limit else { throw RegistryError.tooManyResourceTags(limit: limit) }
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// Removes tags by key; absent ones are no error. Throws `repositoryNotFound`.
    package func removeResourceTags(_ keys: [String], from name: RepositoryName) async throws {
        let id = id
        try await database.write { transaction in
            let repository = try transaction.repository(name, in: id)
            for key in keys {
                try transaction.execute("DELETE FROM repo_tags WHERE repo_id = \(repository.rowID) AND key = \(key)")
            }
            try AuthorizationChanges.advance(transaction)
        }
    }
}

extension ReadTransaction {
    /// The resource tags of a repository, by key.
    func resourceTags(of repository: Repository) throws -> [ResourceTag] {
        try rows("SELECT key, value FROM repo_tags WHERE repo_id = \(repository.rowID) ORDER BY key") { row in
            ResourceTag(key: row.text(0), value: row.text(1))
        }
    }
}

extension WriteTransaction {
    /// Sets one resource tag.
    func putResourceTag(_ tag: ResourceTag, on repository: Repository) throws {
        try execute(
            """
            INSERT INTO repo_tags (repo_id, key, value) VALUES (\(repository.rowID), \(tag.key), \(tag.value))
            ON CONFLICT (repo_id, key) DO UPDATE SET value = excluded.value
            """)
    }
}
