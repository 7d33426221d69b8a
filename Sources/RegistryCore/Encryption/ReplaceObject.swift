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

/// The data keys of a blob as they are sealed for one repository.
struct SealedKeys: Sendable {
    let repository: Repository
    let wrap: [UInt8]
}

extension RegistryServices {
    /// The data keys of a blob sealed for a repository; nil without any.
    func wrap(_ keys: BlobKeys?, of digest: Digest, generation: Int64, for repository: Repository) async throws -> [UInt8]? {
        guard let keys else { return nil }
        return try await key(of: repository).wrap(keys, for: SealContext.dataKeys(of: digest, generation: generation, in: repository))
    }

    /// The data keys of a blob sealed for each of `holders`.
    func wraps(of keys: BlobKeys?, _ digest: Digest, generation: Int64, for holders: [Repository]) async throws -> [SealedKeys] {
        var wraps: [SealedKeys] = []
        for holder in holders {
            guard let wrap = try await wrap(keys, of: digest, generation: generation, for: holder) else { continue }
            wraps.append(SealedKeys(repository: holder, wrap: wrap))
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
    func replaceObject(of blob: CheckedBlob, by form: NewForm, wraps: [SealedKeys]) throws -> Bool {
        if form.sealed != nil {
            let sealed = Dictionary(wraps.map { ($0.repository.rowID, $0.repository.keyNumber) }) { first, _ in first }
            let holders = try rows(
                "SELECT l.repo_id, l.key_number FROM repo_blobs l JOIN repos r ON r.id = l.repo_id AND r.state = 0 WHERE l.blob_id = \(blob.rowID)"
            ) { (id: $0.integer(0), keyNumber: $0.integer(1)) }
            guard holders.allSatisfy({ sealed[$0.id] == $0.keyNumber }) else { return false }
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
        for wrap in wraps {
            try execute("UPDATE repo_blobs SET wrap = \(wrap.wrap) WHERE repo_id = \(wrap.repository.rowID) AND blob_id = \(blob.rowID)")
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
