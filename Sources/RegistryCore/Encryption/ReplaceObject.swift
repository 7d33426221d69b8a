import OCI
import Stores

/// An object that is to be a blob's.
struct NewForm: Sendable {
    let key: ObjectKey
    /// The size of the object and what opens it; nil where it is not encrypted.
    let sealed: (bytes: Int64, keys: BlobKeys)?
    /// The size of the object where it lies in the archive.
    var archivedBytes: Int64?
    /// The size of the content.
    let size: Int64
}

extension RegistryServices {
    /// The data keys of a blob sealed for each of `holders`, by the holder's row.
    func wraps(of keys: BlobKeys?, _ digest: Digest, generation: Int64, for holders: [Repository]) async throws -> [Int64: [UInt8]] {
        guard let keys else { return [:] }
        var wraps: [Int64: [UInt8]] = [:]
        for holder in holders {
            wraps[holder.rowID] = try await key(of: holder).wrap(keys, for: SealContext.dataKeys(of: digest, generation: generation, in: holder))
        }
        return wraps
    }

    /// Gives a blob another object, for all who hold it. False, and nothing is changed, when the blob or who holds it changed meanwhile.
    func replaceObject(of blob: CheckedBlob, by form: NewForm, also: @escaping @Sendable (any WriteTransaction) throws -> Void) async throws -> Bool {
        guard let digest = blob.digest else { return false }
        let holders = try await database.read { try $0.holders(of: blob.rowID) }.map(\.repository)
        let wraps = try await wraps(of: form.sealed?.keys, digest, generation: blob.generation + 1, for: holders)
        return try await database.write { transaction in
            guard try transaction.replaceObject(of: blob, by: form, wraps: wraps) else { return false }
            try also(transaction)
            return true
        }
    }
}

extension WriteTransaction {
    /// Gives a blob another object, sealed for the repositories of `wraps`; the old one is the caller's to bury. False, and nothing is
    /// changed, unless the blob is as it was found, and none but these hold it.
    func replaceObject(of blob: CheckedBlob, by form: NewForm, wraps: [Int64: [UInt8]]) throws -> Bool {
        if form.sealed != nil {
            let holders = try rows(
                "SELECT l.repo_id FROM repo_blobs l JOIN repos r ON r.id = l.repo_id AND r.state = 0 WHERE l.blob_id = \(blob.rowID)"
            ) { $0.integer(0) }
            guard holders.allSatisfy({ wraps[$0] != nil }) else { return false }
        }
        guard try isUnchanged(blob) else { return false }
        let state = form.archivedBytes == nil ? BlobState.sound : .archived
        try execute(
            """
            UPDATE blobs SET object_key = \(form.key.description), size = \(form.size), state = \(state.rawValue),
                archived_bytes = \(optional: form.archivedBytes), sealed_bytes = \(optional: form.sealed?.bytes), generation = \(blob.generation + 1),
                keyed_at = \(now)
            WHERE id = \(blob.rowID)
            """)
        try execute("UPDATE repo_blobs SET wrap = NULL WHERE blob_id = \(blob.rowID)")
        for (repositoryID, wrap) in wraps {
            try execute("UPDATE repo_blobs SET wrap = \(wrap) WHERE repo_id = \(repositoryID) AND blob_id = \(blob.rowID)")
        }
        return true
    }

    /// True while a blob has the object, the keys and the state that it was found with.
    func isUnchanged(_ blob: CheckedBlob) throws -> Bool {
        try first(
            """
            SELECT 1 FROM blobs WHERE id = \(blob.rowID) AND object_key = \(blob.key?.description ?? "") AND generation = \(blob.generation)
                AND state = \(blob.state?.rawValue ?? -1)
            """
        ) { $0.integer(0) } != nil
    }
}
