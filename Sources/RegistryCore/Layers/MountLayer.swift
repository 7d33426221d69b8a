import OCI
import Stores

extension Registry {
    /// Makes a blob of the repository `source` visible in `name` too. False when `source` has no such blob or may not share
    /// it, or the account has BLOB_MOUNTING off; the caller then uploads. The caller's right to read `source` was checked before. Throws `repositoryNotFound` for `name` only.
    package func mountLayer(_ digest: Digest, from source: RepositoryName, into name: RepositoryName) async throws -> Bool {
        let (id, lease) = (id, limits.blobLease)
        return try await database.write { transaction in
            let target = try transaction.repository(name, in: id)
            guard try transaction.value(of: .blobMounting, in: id) == "ENABLED" else { return false }
            let found: LayerRecord?
            do {
                let source = try transaction.repository(source, in: id)
                found = source.domain == target.domain ? try transaction.layer(digest, in: source) : nil
            } catch RegistryError.repositoryNotFound {
                found = nil
            }
            guard let found else { return false }
            _ = try transaction.link(found.blobID, to: target, until: transaction.now + lease)
            return true
        }
    }
}
