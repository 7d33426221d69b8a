import OCI

extension Registry {
    /// Replaces mode and exclusions; holds for every push that begins its transaction later. Throws `repositoryNotFound`.
    package func putTagMutability(_ mutability: TagMutability, of name: RepositoryName) async throws -> Repository { fatalError("stub") }
}
