import Lifecycle
import OCI
import Stores

/// What was set on a repository, apart from its images.
package struct RepositorySettings: Hashable, Sendable {
    package var mutability: TagMutability
    /// By key.
    package var resourceTags: [ResourceTag]
    /// As repositories store it, its principals by unique id.
    package var policy: String?
    package var lifecyclePolicy: String?
    /// What a public repository says of itself, and its logo; nil of private ones.
    package var catalog: CatalogData?
    package var logo: [UInt8]?

    package init(
        mutability: TagMutability = .mutable, resourceTags: [ResourceTag] = [], policy: String? = nil, lifecyclePolicy: String? = nil,
        catalog: CatalogData? = nil, logo: [UInt8]? = nil
    ) {
        self.mutability = mutability
        self.resourceTags = resourceTags
        self.policy = policy
        self.lifecyclePolicy = lifecyclePolicy
        self.catalog = catalog
        self.logo = logo
    }
}

extension Registry {
    /// What was set on a repository, of one moment. Throws `repositoryNotFound`.
    package func settings(of name: RepositoryName) async throws -> RepositorySettings {
        let id = id
        return try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            return RepositorySettings(
                mutability: repository.mutability, resourceTags: try transaction.resourceTags(of: repository),
                policy: try transaction.first("SELECT text FROM repo_policies WHERE repo_id = \(repository.rowID)") { $0.text(0) },
                lifecyclePolicy: try transaction.first("SELECT text FROM lifecycle_policies WHERE repo_id = \(repository.rowID)") { $0.text(0) },
                catalog: id.isPublic ? try transaction.catalogData(of: repository).data : nil,
                logo: try transaction.first("SELECT content FROM repo_logos WHERE repo_id = \(repository.rowID)") { $0.bytes(0) })
        }
    }

    /// Creates an empty repository with these settings, whose policies must be valid ones; without the lifecycle policy, which would be carried out
    /// while the images come. Throws `repositoryExists`, `tooManyRepositories`, `tooManyResourceTags`.
    package func createRepository(_ name: RepositoryName, with settings: RepositorySettings) async throws {
        let (id, ids) = (id, ids)
        _ = try await createRepository(name, mutability: settings.mutability, tags: settings.resourceTags) { transaction, repository in
            if let policy = settings.policy { try transaction.put(policy: policy, on: repository) }
            guard id.isPublic else { return }
            try transaction.insertDefaultAlias(of: id.account, by: ids)
            try transaction.put(settings.catalog ?? CatalogData(), logo: settings.logo, of: repository)
        }
    }

    /// Makes the settings of a repository `settings`, whose policy must be a valid one: what these do not have, it has no longer.
    /// Throws `LifecyclePolicyFault`, `repositoryNotFound`, `tooManyResourceTags`.
    package func replaceSettings(of name: RepositoryName, by settings: RepositorySettings) async throws {
        if let text = settings.lifecyclePolicy { _ = try LifecyclePolicy(text) }
        guard settings.resourceTags.count <= limits.resourceTags else { throw RegistryError.tooManyResourceTags(limit: limits.resourceTags) }
        let id = id
        try await database.write { transaction in
            let repository = try transaction.repository(name, in: id)
            try transaction.execute(
                """
                UPDATE repos SET mutability = \(settings.mutability.mode.rawValue), exclusions = \(settings.mutability.exclusions.joined(separator: "\n"))
                WHERE id = \(repository.rowID)
                """)
            try transaction.execute("DELETE FROM repo_tags WHERE repo_id = \(repository.rowID)")
            for tag in settings.resourceTags { try transaction.putResourceTag(tag, on: repository) }
            try transaction.execute("DELETE FROM repo_policies WHERE repo_id = \(repository.rowID)")
            if let policy = settings.policy { try transaction.put(policy: policy, on: repository) }
            try AuthorizationChanges.advance(transaction)
            if id.isPublic { try transaction.put(settings.catalog ?? CatalogData(), logo: settings.logo ?? [], of: repository) }
            if let policy = settings.lifecyclePolicy {
                try transaction.putLifecyclePolicy(policy, of: repository)
            } else {
                try transaction.execute("DELETE FROM lifecycle_policies WHERE repo_id = \(repository.rowID)")
                try transaction.abandonSweep(LifecycleSweep.ID(repositoryID: repository.rowID, kind: .policy))
            }
        }
    }
}
