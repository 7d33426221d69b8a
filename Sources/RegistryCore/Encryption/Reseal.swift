import OCI
import SealedObjects
import Stores

extension RegistryServices {
    /// How long a copy may take before its target is taken for one that was left behind.
    private static let copyLease = Duration.seconds(7 * 24 * 3600)

    /// Gives a blob a new object under fresh data keys; one that is plain is encrypted by it. `pace` gets the size of each piece that was read, and may
    /// wait. False when there is nothing to do: the blob changed meanwhile, nobody holds it, or it is damaged, which the scrub sees to.
    func reseal(_ blob: CheckedBlob, pace: (Int64) async throws -> Void) async throws -> Bool {
        guard let source = blob.key, let digest = blob.digest, let store = blob.state == .archived ? archive : blobs,
            let holder = try await database.read({ try $0.holders(of: blob.rowID) }).first
        else { return false }
        let (keys, target) = (try await key(of: holder.repository).newDataKeys(ids), newObjectKey())
        guard let content = try await stored(blob, in: store, source) else { return false }
        defer { content.close() }
        try await database.write { try $0.bury(target, at: $0.now + Self.copyLease) }
        var object = try await NewObject(target, in: store, domain: blob.domain, keys: keys, ids)
        var hash = ContentHash(digest.algorithm)
        do {
            let memory = ReadBuffer(capacity: 1 << 20)
            var offset: Int64 = 0
            while offset < content.size {
                let bytes = try await content.read(at: offset, count: 1 << 20, into: memory)
                guard bytes.readableBytes > 0 else { throw BlobStoreError.failed("object \(source) is shorter than it should be") }
                offset += Int64(bytes.readableBytes)
                hash.update(bytes)
                try await object.write(bytes)
                try await pace(Int64(bytes.readableBytes))
            }
        } catch {
            await object.abandon()
            throw error
        }
        // What lies in the archive may be compressed, and is hashed when it comes back.
        let isSound = blob.state == .archived || hash.digest == digest
        let stored = try await object.finish()
        let form = NewForm(
            key: target, sealed: (bytes: keys.sealedSize(of: blob.size), keys: keys), archivedBytes: blob.state == .archived ? stored : nil,
            size: blob.size)
        var isDone = false
        if isSound {
            isDone = try await replaceObject(of: blob, by: form) { transaction in
                try transaction.execute("DELETE FROM tombstones WHERE object_key = \(target.description)")
                // Whoever has just looked up its name may still open it.
                try transaction.bury(source, at: transaction.now + .seconds(60))
            }
        }
        if !isDone {
            try await database.write { transaction in
                try transaction.execute("DELETE FROM tombstones WHERE object_key = \(target.description)")
                try transaction.bury(target, at: transaction.now)
            }
        }
        return isDone
    }

    /// What is in the object of a blob; nil when nobody has its keys any more.
    private func stored(_ blob: CheckedBlob, in store: any BlobStore, _ key: ObjectKey) async throws -> (any OpenBlob)? {
        guard blob.sealedBytes != nil else { return try await store.open(key) }
        guard let keys = try await dataKeys(of: blob) else { return nil }
        return try await store.open(key).opened(as: key, in: blob.domain, with: keys)
    }
}
