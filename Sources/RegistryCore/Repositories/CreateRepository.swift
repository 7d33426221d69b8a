import OCI
import Stores

extension Registry {
    /// Creates an empty repository. Throws `repositoryExists`, `tooManyRepositories`, `tooManyResourceTags`.
    package func createRepository(_ name: RepositoryName, mutability: TagMutability = .mutable, tags: [ResourceTag] = []) async throws -> Repository {
        fatalError("stub")
    }
}
