import OCI
import Stores

extension Registry {
    /// Replaces mode and exclusions; holds for every push that begins its transaction later. Throws `repositoryNotFound`.
    package func putTagMutability(_ mutability: TagMutability, of name: RepositoryName) async throws -> Repository {
        let id = id
        return try await database.write { transaction in
            let repository = try transaction.repository(name, in: id)
            try transaction.execute(
                """
                UPDATE repos SET mutability = \(mutability.mode.rawValue), exclusions = \(mutability.exclusions.joined(separator: "\n"))
                WHERE id = \(repository.rowID)
                """)
            return try transaction.repository(name, in: id)
        }
    }
}
