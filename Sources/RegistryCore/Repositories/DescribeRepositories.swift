import OCI
import Stores

extension Registry {
    /// The repository of this name. Throws `repositoryNotFound`.
    package func repository(_ name: RepositoryName) async throws -> Repository {
        let id = id
        return try await database.read { try $0.repository(name, in: id) }
    }

    /// The repositories of these names, in their order. Throws `repositoryNotFound` for the first that is absent.
    package func repositories(_ names: [RepositoryName]) async throws -> [Repository] {
        let id = id
        return try await database.read { transaction in try names.map { try transaction.repository($0, in: id) } }
    }

    /// Up to `limit` repositories whose names come after `name`, by name.
    package func repositories(after name: RepositoryName?, limit: Int) async throws -> Page<Repository, RepositoryName> {
        let id = id
        let found = try await database.read { transaction in
            try transaction.repositories(after: name?.description ?? "", in: id, limit: limit + 1)
        }
        return Page(found, limit: limit) { $0.name }
    }
}
