import OCI
import SealedObjects
import Stores

/// A row of `blobs`; what cannot be read of it is nil.
struct CheckedBlob: Sendable {
    static let columns: SQL = "id, digest, size, object_key, state, archived_bytes, sealed_bytes, generation, domain"

    let rowID: Int64
    let digest: Digest?
    let size: Int64
    let key: ObjectKey?
    let state: BlobState?
    /// The size of its object in the archive, where that is.
    let archivedBytes: Int64?
    /// The size of its object where that is encrypted.
    let sealedBytes: Int64?
    let generation: Int64
    let domain: String

    /// What its object should have, in bytes.
    var storedBytes: Int64 {
        if let archivedBytes { return archivedBytes }
        guard let sealedBytes else { return size }
        // In one layer, or in two.
        let inner = ObjectLayout.sealedSize(of: size)
        return sealedBytes == ObjectLayout.sealedSize(of: inner) ? sealedBytes : inner
    }

    init(_ row: any Row) {
        rowID = row.integer(0)
        digest = Digest(bytes: row.bytes(1))
        size = row.integer(2)
        key = ObjectKey(row.text(3))
        state = BlobState(rawValue: row.integer(4))
        archivedBytes = row.optionalInteger(5)
        sealedBytes = row.optionalInteger(6)
        generation = row.integer(7)
        domain = row.text(8)
    }

    /// A blob that a repository just had.
    init(_ record: LayerRecord) {
        rowID = record.blobID
        digest = record.layer.digest
        size = record.layer.size
        key = record.objectKey
        state = .sound
        archivedBytes = nil
        sealedBytes = record.sealedBytes
        generation = record.generation
        domain = record.repository.domain
    }
}

/// What can be wrong with a blob.
enum BlobFault {
    case unreadableRow
    case quarantined
    case missing
    case otherSize(Int64)
    case otherBytes
    /// The device said so, or it is not as it was encrypted.
    case unreadable(String)
    /// Its key cannot be used now.
    case closed(KeyFailure)

    /// What the blob's row is to say.
    fileprivate var state: BlobState { if case .missing = self { .missing } else { .corrupt } }

    func sentence(on blob: CheckedBlob) -> String {
        guard let digest = blob.digest, let key = blob.key else { return "blob \(blob.rowID) has an invalid digest or key" }
        let predicate =
            switch self {
            case .unreadableRow: "has an invalid digest or key"
            case .quarantined: "is in quarantine; push it again"
            case .missing: "is missing"
            case .otherSize(let actual): "has \(actual) bytes instead of \(blob.storedBytes)"
            case .otherBytes: "has other bytes than its digest says"
            case .unreadable(let reason): "cannot be read: \(reason)"
            case .closed(let failure): "cannot be read while its key cannot be used: \(failure)"
            }
        return "blob \(digest) \(predicate) (object \(key))"
    }
}

extension BlobFault {
    /// What `error`, thrown while a blob was read, says of the blob; throws any other.
    fileprivate init(_ error: any Error) throws {
        switch error {
        case let damage as ObjectDamage: self = .unreadable(damage.reason)
        case let damage as ArchiveDamage: self = .unreadable(damage.reason)
        case BlobStoreError.failed(let reason): self = .unreadable(reason)
        case let failure as KeyFailure: self = .closed(failure)
        default: throw error
        }
    }
}

extension RegistryServices {
    /// What is wrong with a blob, as far as its object's size says or, where it is read, its bytes; `progress` gets the number of bytes after
    /// each piece. Throws what the store throws while it is opened.
    func fault(in blob: CheckedBlob, isRead: Bool, _ progress: (Int64) async throws -> Void = { _ in }) async throws -> BlobFault? {
        guard let digest = blob.digest, let key = blob.key else { return .unreadableRow }
        if blob.state == .archived { return try await fault(inArchived: blob, digest, key, isRead: isRead, progress) }
        if blob.state != .sound { return .quarantined }
        guard let actual = try await blobs.size(of: key) else { return .missing }
        guard actual == blob.storedBytes else { return .otherSize(actual) }
        guard isRead else { return nil }
        let stored: any OpenBlob
        do { stored = try await blobs.open(key) } catch BlobStoreError.missing { return .missing }
        do {
            guard let content = try await plaintext(of: stored, blob, key) else { return nil }
            defer { content.close() }
            return try await content.digest(by: digest.algorithm, count: blob.size, progress: progress) == digest ? nil : .otherBytes
        } catch {
            return try BlobFault(error)
        }
    }

    /// Whether the object of a blob is there in its size, for who is about to promise the blob: a look at the file, not at its bytes. A blob that has
    /// lost it goes into quarantine.
    func isThere(_ record: LayerRecord) async throws -> Bool {
        let blob = CheckedBlob(record)
        guard try await fault(in: blob, isRead: false) != nil else { return true }
        _ = try await quarantineIfDamaged(blob)
        return false
    }

    private func fault(
        inArchived blob: CheckedBlob, _ digest: Digest, _ key: ObjectKey, isRead: Bool, _ progress: (Int64) async throws -> Void
    ) async throws -> BlobFault? {
        guard let archive, let actual = try await archive.size(of: key) else { return .missing }
        guard actual == blob.archivedBytes else { return .otherSize(actual) }
        guard isRead else { return nil }
        let stored = try await archive.open(key)
        do {
            guard let content = try await plaintext(of: stored, blob, key) else { return nil }
            defer { content.close() }
            var (hash, offset) = (ContentHash(digest.algorithm), Int64(0))
            try await ArchivedContent.read(content) { bytes in
                hash.update(bytes)
                offset += Int64(bytes.readableBytes)
                try await progress(offset)
            }
            return hash.digest == digest ? nil : .otherBytes
        } catch {
            return try BlobFault(error)
        }
    }

    /// What `stored`, which this closes in the end, is the object of; nil when no repository has the key of it any more. All the keys that
    /// repositories have of it are looked at.
    private func plaintext(of stored: any OpenBlob, _ blob: CheckedBlob, _ key: ObjectKey) async throws -> (any OpenBlob)? {
        guard blob.sealedBytes != nil else { return stored }
        let keys: BlobKeys?
        do {
            keys = try await dataKeys(of: blob, comparing: true)
        } catch {
            stored.close()
            throw error
        }
        if let keys { return try await stored.opened(as: key, in: blob.domain, with: keys) }
        stored.close()
        return nil
    }

    /// Lets nobody read a blob any more, and look absent to who pushes, so that a push heals it, and tells by an event. False when there is nothing
    /// to do: a push has healed it meanwhile, or it was deleted.
    func quarantine(_ blob: CheckedBlob, for fault: BlobFault) async throws -> Bool {
        guard let digest = blob.digest, let key = blob.key else { return false }
        if case .closed = fault { return false }
        // An archive whose device is not mounted looks empty, and comes back with it.
        if case .missing = fault, blob.state == .archived { return false }
        let (events, damage) = (events, DamageEvent(digest: digest, finding: fault.sentence(on: blob)))
        return try await database.write { transaction in
            let changed = try transaction.execute(
                "UPDATE blobs SET state = \(fault.state.rawValue) WHERE id = \(blob.rowID) AND object_key = \(key.description) AND state IN (0, 3)")
            guard changed == 1 else { return false }
            try events.note(damage, ofBlob: blob.rowID, transaction)
            return true
        }
    }

    /// Puts a blob that seems to be damaged in quarantine, when a second look says the same: the first may have been a fault of memory.
    /// The sentence on what is wrong; nil when nothing is, or not any more.
    func quarantineIfDamaged(_ blob: CheckedBlob) async throws -> String? {
        guard let fault = try await fault(in: blob, isRead: true) else { return nil }
        if case .closed = fault { return nil }
        let sentence = fault.sentence(on: blob)
        if case .missing = fault, blob.state == .archived {
            log.error("an archived blob is not there; is the device of the archive mounted?", metadata: ["damage": "\(sentence)"])
            return sentence
        }
        guard try await quarantine(blob, for: fault) else { return nil }
        log.error("a damaged blob is in quarantine until it is pushed again", metadata: ["damage": "\(sentence)"])
        return sentence
    }

    /// How many blobs are in quarantine. (The first condition is the index's own, without which SQLite does not use it.)
    package func damagedBlobs() async throws -> Int64 {
        try await count("SELECT COUNT(*) FROM blobs WHERE state <> 0 AND state IN (1, 2)")
    }
}
