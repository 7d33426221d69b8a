import OCI
import Stores

extension Registry {
    /// Creates an empty repository, its content to be under `key`, and does `also` in the same transaction. Throws `repositoryExists`,
    /// `tooManyRepositories`, `tooManyResourceTags`.
    package func createRepository(
        _ name: RepositoryName, mutability: TagMutability = .mutable, tags: [ResourceTag] = [], under key: AdoptedKey = .none,
        also: @escaping @Sendable (any WriteTransaction, Repository) throws -> Void = { _, _ in }
    ) async throws -> Repository {
        let (id, limits, rowID) = (id, limits, ids.nextID())
        guard tags.count <= limits.resourceTags else { throw RegistryError.tooManyResourceTags(limit: limits.resourceTags) }
        return try await withAdopted(key) {
            do {
                return try await database.write { transaction in
                    let repository = Repository(
                        rowID: rowID, registry: id, name: name, createdAt: transaction.now, mutability: mutability,
                        domain: id.domain(of: key.encryption),
                        encryption: key.encryption, grant: key.grant)
                    try transaction.insert(repository)
                    guard try transaction.countRepositories(of: id, by: 1) <= limits.repositories else {
                        throw RegistryError.tooManyRepositories(limit: limits.repositories)
                    }
                    for tag in tags { try transaction.putResourceTag(tag, on: repository) }
                    if !tags.isEmpty { try AuthorizationChanges.advance(transaction) }
                    try also(transaction, repository)
                    return repository
                }
            } catch DatabaseError.uniqueViolation {
                throw RegistryError.repositoryExists(name, registry: id)
            }
        }
    }
}
