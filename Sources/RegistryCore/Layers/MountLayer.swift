import OCI

extension Registry {
    /// Makes a blob of the repository `source` visible in `name` too. False when `source` has no such blob or may not share
    /// it; the caller then uploads. The caller's right to read `source` was checked before. Throws `repositoryNotFound` for `name` only.
    package func mountLayer(_ digest: Digest, from source: RepositoryName, into name: RepositoryName) async throws -> Bool { fatalError("stub") }

    /// Takes a blob out of the repository. Throws `repositoryNotFound`, `layerNotFound`, `layerReferenced`.
    package func deleteLayer(_ digest: Digest, from name: RepositoryName) async throws { fatalError("stub") }
}
