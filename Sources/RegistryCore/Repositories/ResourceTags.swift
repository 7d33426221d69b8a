import OCI

extension Registry {
    /// The resource tags of a repository, by key. Throws `repositoryNotFound`.
    package func resourceTags(of name: RepositoryName) async throws -> [ResourceTag] { fatalError("stub") }

    /// Adds tags or replaces their values. Throws `repositoryNotFound`, `tooManyResourceTags`.
    package func addResourceTags(_ tags: [ResourceTag], to name: RepositoryName) async throws { fatalError("stub") }

    /// Removes tags by key; absent ones are no error. Throws `repositoryNotFound`.
    package func removeResourceTags(_ keys: [String], from name: RepositoryName) async throws { fatalError("stub") }
}
