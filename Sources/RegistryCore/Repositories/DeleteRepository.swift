import OCI

extension Registry {
    /// Deletes a repository, with its images when `force`. Its name is free at once. Throws `repositoryNotFound`, `repositoryNotEmpty`.
    package func deleteRepository(_ name: RepositoryName, force: Bool) async throws -> Repository { fatalError("stub") }
}
