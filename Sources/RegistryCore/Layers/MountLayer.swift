import OCI
import SealedObjects
import Stores

extension Registry {
    /// Makes a blob of the repository `source` visible in `name` too. False when `source` has no such blob or may not share
    /// it, or the account has BLOB_MOUNTING off; the caller then uploads. The caller's right to read `source` was checked before. Throws `repositoryNotFound` for `name` only.
    package func mountLayer(_ digest: Digest, from source: RepositoryName, into name: RepositoryName) async throws -> Bool {
        let (id, lease) = (id, limits.blobLease)
        while true {
            guard let (found, target) = try await database.read({ try $0.mountable(digest, from: source, into: name, of: id) }),
                try await services.isThere(found)
            else { return false }
            // The keys of a blob are sealed for each repository by itself.
            var wrap: [UInt8]?
            if found.sealedBytes != nil {
                do {
                    let keys = try await services.dataKeys(found.wrap, of: digest, generation: found.generation, in: found.repository)
                    wrap = try await services.wrap(keys, of: digest, generation: found.generation, for: target)
                } catch is ObjectDamage {
                    return false
                }
            }
            let (kept, seen) = (wrap, target)
            let isMounted: Bool? = try await database.write { transaction in
                guard let (now, target) = try transaction.mountable(digest, from: source, into: name, of: id) else { return false }
                guard now.objectKey == found.objectKey, now.generation == found.generation, target.rowID == seen.rowID,
                    target.keyNumber == seen.keyNumber
                else { return nil }
                _ = try transaction.link(found.blobID, to: target, wrap: kept, until: transaction.now + lease)
                return true
            }
            if let isMounted { return isMounted }
        }
    }
}

extension ReadTransaction {
    /// The blob as `source` has it, and the repository that it goes into; nil when it may not.
    fileprivate func mountable(
        _ digest: Digest, from source: RepositoryName, into name: RepositoryName, of id: RegistryID
    ) throws -> (LayerRecord, Repository)? {
        let target = try repository(name, in: id)
        guard try value(of: .blobMounting, in: id) == "ENABLED", let source = try findRepository(source, in: id),
            let found = try layer(digest, in: source), found.repository.domain == target.domain
        else { return nil }
        return (found, target)
    }
}
