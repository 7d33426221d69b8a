import NIOCore
import OCI
import Stores

extension Registry {
    /// Gives all bytes of a blob to `receive`, in order and in pieces of some MiB at most, from whichever store it lies in; every byte is hashed.
    /// Throws `repositoryNotFound`, `layerNotFound`; `BlobStoreError.failed` when the bytes were not those of the digest, which is known only after
    /// the last one was given; what `receive` throws.
    package func readLayer(_ digest: Digest, in name: RepositoryName, _ receive: (ByteBuffer) async throws -> Void) async throws {
        var hash = ContentHash(digest.algorithm)
        if let content = try await openArchivedLayer(digest, in: name) {
            defer { content.close() }
            do {
                try await ArchivedContent.read(content) { bytes in
                    hash.update(bytes)
                    try await receive(bytes)
                }
            } catch let damage as ArchiveDamage {
                throw BlobStoreError.failed("archived blob \(digest): \(damage.reason)")
            }
            guard hash.digest == digest else { throw BlobStoreError.failed("archived blob \(digest) has other bytes than its digest says") }
            return
        }
        let open = try await openLayer(digest, in: name)
        let content = try await open.whole()
        defer { content.close() }
        var offset: Int64 = 0
        while offset < open.layer.size {
            let bytes = try await content.read(at: offset, count: Int(min(1 << 20, open.layer.size - offset)))
            guard bytes.readableBytes > 0 else { break }
            hash.update(bytes)
            offset += Int64(bytes.readableBytes)
            try await receive(bytes)
        }
        guard hash.digest == digest else {
            // It was read within the hour, or reads are not verified: nobody has noticed yet.
            if let record = open.place?.record { _ = try await services.quarantineIfDamaged(CheckedBlob(record)) }
            throw BlobStoreError.failed("blob \(digest) has other bytes than its digest says")
        }
    }

    /// The object of a blob in the archive; nil when the repository has it elsewhere or not at all.
    private func openArchivedLayer(_ digest: Digest, in name: RepositoryName) async throws -> (any OpenBlob)? {
        guard let archive = services.archive else { return nil }
        let id = id
        let key = try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            return try transaction.isArchived(digest, in: repository) ? try transaction.objectKey(of: digest, in: repository) : nil
        }
        guard let key else { return nil }
        do {
            return try await archive.open(key)
        } catch BlobStoreError.missing {
            throw RegistryError.layerNotFound(digest, name, registry: id)
        }
    }
}

extension ReadTransaction {
    /// The name of a blob's object, in whichever store.
    fileprivate func objectKey(of digest: Digest, in repository: Repository) throws -> ObjectKey? {
        try first("SELECT object_key FROM blobs WHERE domain = \(repository.domain) AND digest = \(digest.bytes)") { ObjectKey($0.text(0)) } ?? nil
    }
}
