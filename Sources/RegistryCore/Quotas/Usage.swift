import AWSCore
import OCI
import Stores

/// What a repository, or an account in all its regions, holds.
package struct Usage: Hashable, Sendable {
    package var images: Int64
    /// The blobs that its images name, in bytes; each counts once in a repository.
    package var bytes: Int64

    package init(images: Int64, bytes: Int64) {
        self.images = images
        self.bytes = bytes
    }

    static func + (left: Usage, right: Usage) -> Usage { Usage(images: left.images + right.images, bytes: left.bytes + right.bytes) }
}

/// A limit of what may be held, with its value.
package enum UsageLimit: Hashable, Sendable {
    case bytesOfRepository(Int64)
    case bytesOfAccount(Int64)
    case imagesOfAccount(Int64)

    /// A sentence for the caller.
    package var sentence: String {
        switch self {
        case .bytesOfRepository(let limit): "The repository would hold more than \(limit) bytes, which is the most that a repository can hold."
        case .bytesOfAccount(let limit): "The account would hold more than \(limit) bytes, which is the most that an account can hold."
        case .imagesOfAccount(let limit): "The account would hold more than \(limit) images, which is the most that an account can hold."
        }
    }
}

extension Registry {
    /// What a repository holds now, exactly. Throws `repositoryNotFound`.
    package func usage(of name: RepositoryName) async throws -> Usage {
        let id = id
        return try await database.read { try $0.usage(of: $0.repository(name, in: id)) }
    }

    /// What the registry's account holds now, exactly, in all regions.
    package func accountUsage() async throws -> Usage {
        let account = id.account
        return try await database.read { try $0.usage(of: account) }
    }
}

extension ReadTransaction {
    /// What a repository holds: its folded total and what was added since.
    func usage(of repository: Repository) throws -> Usage {
        try usage("SELECT images, bytes FROM repo_totals WHERE repo_id = \(repository.rowID)")
            + usage("SELECT COALESCE(SUM(images), 0), COALESCE(SUM(bytes), 0) FROM repo_deltas WHERE repo_id = \(repository.rowID)")
    }

    /// What an account holds: the folded totals of its registries, and what was added since.
    func usage(of account: AccountID) throws -> Usage {
        // By CROSS JOIN SQLite begins with the notes, which are few.
        return try usage("SELECT COALESCE(SUM(images), 0), COALESCE(SUM(bytes), 0) FROM registry_totals WHERE account = \(account.description)")
            + usage(
                """
                SELECT COALESCE(SUM(d.images), 0), COALESCE(SUM(d.bytes), 0) FROM repo_deltas d CROSS JOIN repos r
                WHERE r.id = d.repo_id AND r.account = \(account.description)
                """)
    }

    private func usage(_ sql: SQL) throws -> Usage {
        try first(sql) { Usage(images: $0.integer(0), bytes: $0.integer(1)) } ?? Usage(images: 0, bytes: 0)
    }

    /// Passes while repository and account are within their limits. Throws `usageExceeded`.
    func checkUsage(of repository: Repository, _ limits: Limits) throws {
        if let most = limits.bytesPerRepository, try usage(of: repository).bytes > most {
            throw RegistryError.usageExceeded(.bytesOfRepository(most))
        }
        guard limits.bytesPerAccount != nil || limits.imagesPerAccount != nil else { return }
        let usage = try usage(of: repository.registry.account)
        if let most = limits.bytesPerAccount, usage.bytes > most { throw RegistryError.usageExceeded(.bytesOfAccount(most)) }
        if let most = limits.imagesPerAccount, usage.images > most { throw RegistryError.usageExceeded(.imagesOfAccount(most)) }
    }
}
