import AWSCore
import OCI
import Stores

extension ReadTransaction {
    private var columns: SQL {
        """
        id, name, domain, mutability, exclusions, created_at, encryption, kms_key, kms_grant, sealed_key, key_number,
            former_encryption, former_kms_key, former_kms_grant, former_domain, former_sealed_key
        """
    }

    /// The repository of this name. Throws `repositoryNotFound`.
    func repository(_ name: RepositoryName, in registry: RegistryID) throws -> Repository {
        try repository(name, in: registry, lock: "")
    }

    /// The repository of this name; nil when there is none.
    func findRepository(_ name: RepositoryName, in registry: RegistryID) throws -> Repository? {
        try findRepository(name, in: registry, lock: "")
    }

    fileprivate func repository(_ name: RepositoryName, in registry: RegistryID, lock: SQL) throws -> Repository {
        guard let found = try findRepository(name, in: registry, lock: lock) else { throw RegistryError.repositoryNotFound(name, registry: registry) }
        return found
    }

    private func findRepository(_ name: RepositoryName, in registry: RegistryID, lock: SQL) throws -> Repository? {
        try first(
            """
            SELECT \(sql: columns) FROM repos
            WHERE account = \(registry.account.description) AND region = \(registry.place) AND name = \(name.description) AND state = 0
            \(sql: lock)
            """
        ) { row in try Repository(row, in: registry) }
    }

    /// The repository of a row, in whatever registry; nil when it is gone.
    func repository(rowID: Int64) throws -> Repository? {
        try first("SELECT account, region, \(sql: columns) FROM repos WHERE id = \(rowID) AND state = 0", Repository.init)
    }

    /// The oldest repository that was deleted, with no grant left on its key, and still has rows; nil when there is none.
    func deletedRepository() throws -> Repository? {
        try first("SELECT account, region, \(sql: columns) FROM repos WHERE state = 1 AND kms_grant IS NULL ORDER BY id LIMIT 1", Repository.init)
    }

    /// Up to `limit` repositories whose names come after `name`, in byte order.
    func repositories(after name: String, in registry: RegistryID, limit: Int) throws -> [Repository] {
        try rows(
            """
            SELECT \(sql: columns) FROM repos
            WHERE account = \(registry.account.description) AND region = \(registry.place) AND name > \(name) AND state = 0
            ORDER BY name LIMIT \(limit)
            """
        ) { row in try Repository(row, in: registry) }
    }
}

extension WriteTransaction {
    /// As `repository`, and its settings stay as they are until this transaction ends (SQLite has one writer anyway).
    func lockedRepository(_ name: RepositoryName, in registry: RegistryID) throws -> Repository {
        try repository(name, in: registry, lock: "/*pg FOR SHARE*/")
    }

    /// Adds a repository's row. A name that is taken is a unique violation.
    func insert(_ repository: Repository) throws {
        try execute(
            """
            INSERT INTO repos (id, account, region, name, domain, mutability, exclusions, created_at, encryption, kms_key, kms_grant)
            VALUES (\(repository.rowID), \(repository.registry.account.description), \(repository.registry.place),
                \(repository.name.description), \(repository.domain), \(repository.mutability.mode.rawValue),
                \(repository.mutability.exclusions.joined(separator: "\n")), \(repository.createdAt),
                \(repository.encryption.name), \(optional: repository.encryption.key), \(optional: repository.grant))
            """)
    }

    /// Counts repositories of the registry up or down; returns the new count.
    func countRepositories(of registry: RegistryID, by change: Int64) throws -> Int64 {
        try first(
            """
            INSERT INTO registry_totals (account, region, repositories)
            VALUES (\(registry.account.description), \(registry.place), \(change))
            ON CONFLICT (account, region) DO UPDATE SET repositories = registry_totals.repositories + excluded.repositories
            RETURNING repositories
            """
        ) { $0.integer(0) } ?? 0
    }

    /// Adds to the repository's counts of images and bytes without touching a row that other pushes touch.
    func addToTotals(of repository: Repository, id: Int64, images: Int64, bytes: Int64) throws {
        try execute(
            "INSERT INTO repo_deltas (id, repo_id, images, bytes) VALUES (\(id), \(repository.rowID), \(images), \(bytes))")
    }
}

extension Repository {
    /// A row that begins with account and region.
    fileprivate init(_ row: any Row) throws { try self.init(row, in: RegistryID(row), from: 2) }

    fileprivate init(_ row: any Row, in registry: RegistryID, from first: Int = 0) throws {
        guard let name = RepositoryName(row.text(first + 1)), let mode = TagMutability.Mode(rawValue: row.text(first + 3)),
            let encryption = RepositoryEncryption(name: row.text(first + 6), key: row.optionalText(first + 7))
        else {
            throw DatabaseError.other("repos row \(row.integer(first)) holds an invalid name, mutability or encryption")
        }
        let mutability = TagMutability(mode: mode, exclusions: row.text(first + 4).split(separator: "\n").map(String.init))
        let (rowID, createdAt, number) = (row.integer(first), row.timestamp(first + 5), row.integer(first + 10))
        func under(
            _ encryption: RepositoryEncryption, _ domain: String, grant: String?, sealedKey: [UInt8]?, number: Int64, former: Repository?
        ) -> Repository {
            Repository(
                rowID: rowID, registry: registry, name: name, createdAt: createdAt, mutability: mutability, domain: domain, encryption: encryption,
                grant: grant, sealedKey: sealedKey, keyNumber: number, former: former)
        }
        var former: Repository?
        if let kind = row.optionalText(first + 11), let domain = row.optionalText(first + 14),
            let encryption = RepositoryEncryption(name: kind, key: row.optionalText(first + 12))
        {
            former = under(
                encryption, domain, grant: row.optionalText(first + 13), sealedKey: row.optionalBytes(first + 15), number: number - 1, former: nil)
        }
        self = under(
            encryption, row.text(first + 2), grant: row.optionalText(first + 8), sealedKey: row.optionalBytes(first + 9), number: number,
            former: former)
    }
}

extension RegistryID {
    /// The registry of a row that begins with its account and region.
    init(_ row: any Row) throws {
        guard let account = AccountID(row.text(0)) else { throw DatabaseError.other("\(row.text(0)) is no account") }
        let publicRegistry = RegistryID(publicOf: account)
        if row.text(1) == publicRegistry.place {
            self = publicRegistry
        } else if let region = Region(row.text(1)) {
            self.init(account: account, region: region)
        } else {
            throw DatabaseError.other("\(row.text(1)) is no region")
        }
    }
}
