import NIOCore
import OCI
import SealedObjects
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
            } catch let damage as ObjectDamage {
                throw BlobStoreError.failed("archived blob \(digest): \(damage.reason)")
            }
            guard hash.digest == digest else { throw BlobStoreError.failed("archived blob \(digest) has other bytes than its digest says") }
            return
        }
        let open = try await openLayer(digest, in: name)
        let content = try await open.whole()
        defer { content.close() }
        try await content.readPieces(to: open.layer.size) { bytes, _ in
            hash.update(bytes)
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
        let record = try await database.read { transaction in
            try transaction.layer(digest, in: transaction.repository(name, in: id), state: .archived)
        }
        guard let record else { return nil }
        do {
            let isSealed = record.sealedBytes != nil
            let keys = isSealed ? try await services.dataKeys(record.wrap, of: digest, generation: record.generation, in: record.repository) : nil
            let stored = try await archive.open(record.objectKey)
            guard let keys else { return stored }
            return try await stored.opened(as: record.objectKey, in: record.repository.domain, with: keys)
        } catch BlobStoreError.missing {
            throw RegistryError.layerNotFound(digest, name, registry: id)
        } catch let damage as ObjectDamage {
            throw BlobStoreError.failed("archived blob \(digest): \(damage.reason)")
        }
    }
}
