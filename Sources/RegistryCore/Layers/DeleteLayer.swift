import OCI
import Stores

extension Registry {
    /// Takes a blob out of the repository. Throws `repositoryNotFound`, `layerNotFound`, `layerReferenced`.
    package func deleteLayer(_ digest: Digest, from name: RepositoryName) async throws {
        let id = id
        try await database.writeFreeing { transaction in
            let repository = try transaction.repository(name, in: id)
            guard let record = try transaction.layer(digest, in: repository) else { throw RegistryError.layerNotFound(digest, name, registry: id) }
            guard try !transaction.isReferenced(record.blobID, in: repository) else { throw RegistryError.layerReferenced(digest) }
            try transaction.execute("DELETE FROM repo_blobs WHERE repo_id = \(repository.rowID) AND blob_id = \(record.blobID)")
            try transaction.queueForReclaiming(record.blobID, repositoryID: repository.rowID, at: transaction.now)
        }
    }
}
