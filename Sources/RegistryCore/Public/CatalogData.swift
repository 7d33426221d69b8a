import OCI
import Stores

/// What a public repository says of itself to those who look for images.
package struct CatalogData: Codable, Hashable, Sendable {
    package var description: String?
    package var architectures: [String]?
    package var operatingSystems: [String]?
    /// Markdown.
    package var aboutText: String?
    /// Markdown.
    package var usageText: String?

    package init(
        description: String? = nil, architectures: [String]? = nil, operatingSystems: [String]? = nil, aboutText: String? = nil,
        usageText: String? = nil
    ) {
        self.description = description
        self.architectures = architectures
        self.operatingSystems = operatingSystems
        self.aboutText = aboutText
        self.usageText = usageText
    }
}

/// The catalog data of a repository as it is stored.
package struct StoredCatalogData: Hashable, Sendable {
    package let data: CatalogData
    /// The name of the logo, for `RegistryServices.logo`; nil when there is none.
    package let logo: Digest?
}

extension Registry {
    /// What was said of a public repository; nothing when nothing was. Throws `repositoryNotFound`.
    package func catalogData(of name: RepositoryName) async throws -> StoredCatalogData {
        let id = id
        return try await database.read { transaction in
            try transaction.catalogData(of: transaction.repository(name, in: id))
        }
    }

    /// Replaces what is said of a public repository, and its logo where one is given: an empty one removes it. Throws `repositoryNotFound`.
    package func putCatalogData(_ data: CatalogData, logo: [UInt8]?, of name: RepositoryName) async throws -> StoredCatalogData {
        let id = id
        return try await database.write { transaction in
            let repository = try transaction.repository(name, in: id)
            try transaction.put(data, logo: logo, of: repository)
            return try transaction.catalogData(of: repository)
        }
    }

    /// Creates a public repository with what is said of it, and the registry's default alias with the first. Throws as `createRepository`.
    package func createPublicRepository(
        _ name: RepositoryName, tags: [ResourceTag], catalog: CatalogData?, logo: [UInt8]?
    ) async throws -> Repository {
        let (id, ids) = (id, ids)
        return try await createRepository(name, tags: tags) { transaction, repository in
            try transaction.insertDefaultAlias(of: id.account, by: ids)
            if let catalog { try transaction.put(catalog, logo: logo, of: repository) }
        }
    }
}

extension RegistryServices {
    /// A logo that some repository has now; nil when none has it.
    package func logo(_ digest: Digest) async throws -> [UInt8]? {
        try await database.read { transaction in
            try transaction.first(
                "SELECT l.content FROM repo_logos l JOIN repos r ON r.id = l.repo_id WHERE l.digest = \(digest.bytes) AND r.state = 0 LIMIT 1"
            ) { $0.bytes(0) }
        }
    }
}

extension ReadTransaction {
    /// What was said of a public repository; nothing when nothing was.
    func catalogData(of repository: Repository) throws -> StoredCatalogData {
        let text = try first("SELECT data FROM repo_catalog_data WHERE repo_id = \(repository.rowID)") { $0.text(0) }
        let logo = try first("SELECT digest FROM repo_logos WHERE repo_id = \(repository.rowID)") { Digest(bytes: $0.bytes(0)) } ?? nil
        return StoredCatalogData(data: try text.map(CatalogData.init(json:)) ?? CatalogData(), logo: logo)
    }
}

extension WriteTransaction {
    /// Replaces what is said of a public repository, and its logo where one is given: an empty one removes it.
    func put(_ data: CatalogData, logo: [UInt8]?, of repository: Repository) throws {
        try execute(
            """
            INSERT INTO repo_catalog_data (repo_id, data) VALUES (\(repository.rowID), \(try data.json))
            ON CONFLICT (repo_id) DO UPDATE SET data = excluded.data
            """)
        guard let logo else { return }
        guard !logo.isEmpty else {
            try execute("DELETE FROM repo_logos WHERE repo_id = \(repository.rowID)")
            return
        }
        try execute(
            """
            INSERT INTO repo_logos (repo_id, digest, content) VALUES (\(repository.rowID), \(Digest.of(logo).bytes), \(logo))
            ON CONFLICT (repo_id) DO UPDATE SET digest = excluded.digest, content = excluded.content
            """)
    }
}
