import OCI

extension Registry {
    /// The repository of this name. Throws `repositoryNotFound`.
    package func repository(_ name: RepositoryName) async throws -> Repository { fatalError("stub") }

    /// The repositories of these names, in their order. Throws `repositoryNotFound` for the first that is absent.
    package func repositories(_ names: [RepositoryName]) async throws -> [Repository] { fatalError("stub") }

    /// Up to `limit` repositories whose names come after `name`, by name.
    package func repositories(after name: RepositoryName?, limit: Int) async throws -> Page<Repository, RepositoryName> { fatalError("stub") }
}
