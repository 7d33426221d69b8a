import OCI
import SealedObjects
import Stores

extension RegistryServices {
    /// Writes what the object of a blob has to another one, under `keys` and for `domain`; until a row names that, a tombstone does. `pace` gets the size
    /// of each piece that was read, and may wait. Nil when nobody has the blob's keys any more, or it is damaged, which the scrub sees to.
    func copyObject(
        of blob: CheckedBlob, under keys: BlobKeys, in domain: String, pace: (Int64) async throws -> Void
    ) async throws -> NewForm? {
        guard let source = blob.key, let digest = blob.digest, let store = blob.state == .archived ? archive : blobs,
            let content = try await stored(blob, in: store, source)
        else { return nil }
        defer { content.close() }
        let target = try await beginCopy()
        let (stored, found) = try await abandoning(target) {
            var object = try await NewObject(target, in: store, domain: domain, keys: keys, ids)
            var hash = ContentHash(digest.algorithm)
            do {
                let end = try await content.readPieces(to: content.size) { bytes, _ in
                    hash.update(bytes)
                    try await object.write(bytes)
                    try await pace(Int64(bytes.readableBytes))
                }
                guard end == content.size else { throw BlobStoreError.failed("object \(source) is shorter than it should be") }
            } catch {
                await object.abandon()
                throw error
            }
            return (try await object.finish(), hash.digest)
        }
        // What lies in the archive may be compressed, and is hashed when it comes back.
        guard blob.state == .archived || found == digest else {
            try await abandonCopy(target)
            return nil
        }
        return NewForm(
            key: target, sealed: (bytes: keys.sealedSize(of: blob.size), keys: keys), archivedBytes: blob.state == .archived ? stored : nil,
            size: blob.size)
    }

    /// What is in the object of a blob; nil when nobody has its keys any more.
    private func stored(_ blob: CheckedBlob, in store: any BlobStore, _ key: ObjectKey) async throws -> (any OpenBlob)? {
        guard blob.sealedBytes != nil else { return try await store.open(key) }
        guard let keys = try await dataKeys(of: blob) else { return nil }
        return try await store.open(key).opened(as: key, in: blob.domain, with: keys)
    }
}
