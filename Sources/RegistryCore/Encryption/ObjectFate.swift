import OCI
import SealedObjects
import Stores

/// What is to become of an object that is to be a blob's.
enum ObjectFate: Sendable {
    /// The blob is new here.
    case kept(wrap: [UInt8]?)
    /// The blob has an object already, whose keys its repository gets.
    case superfluous(CheckedBlob, wrap: [UInt8]?)
    /// The blob's object is damaged, in the archive, or nobody can open it any more: this takes its place, with keys for all who hold the blob.
    case replacing(CheckedBlob, wrap: [UInt8]?, others: [SealedKeys])

    /// Whether the object becomes the blob's.
    var takesObject: Bool { if case .superfluous = self { false } else { true } }
}

extension RegistryServices {
    /// What is to become of `form`, which has the content of `digest`, in the key domain of `repository`. Throws `KeyFailure`.
    func fate(of form: NewForm, _ digest: Digest, in repository: Repository) async throws -> ObjectFate {
        func wrap(_ keys: BlobKeys?, _ generation: Int64) async throws -> [UInt8]? {
            try await self.wrap(keys, of: digest, generation: generation, for: repository)
        }
        guard let blob = try await self.blob(digest, in: repository.domain) else { return .kept(wrap: try await wrap(form.sealed?.keys, 0)) }
        if blob.state == .sound {
            // The caller is told that the content is here: it must be.
            if try await fault(in: blob, isRead: false) != nil, try await quarantineIfDamaged(blob) != nil {
                return try await fate(of: form, digest, in: repository)
            }
            do {
                if let fate = try await superfluous(blob, digest, in: repository) { return fate }
            } catch let damage as ObjectDamage {
                log.error(
                    "the keys of a blob are damaged; a push replaces it", metadata: ["digest": "\(digest)", "reason": "\(damage.reason)"])
            }
        }
        let holders = try await database.read { try $0.holders(of: blob.rowID) }.map(\.repository)
        let others = try await wraps(of: form.sealed?.keys, digest, generation: blob.generation + 1, for: holders)
        return .replacing(blob, wrap: try await wrap(form.sealed?.keys, blob.generation + 1), others: others)
    }

    /// The blob `digest` of a key domain, whatever its state; nil where there is none.
    func blob(_ digest: Digest, in domain: String) async throws -> CheckedBlob? {
        try await database.read { transaction in
            try transaction.first(
                "SELECT \(sql: CheckedBlob.columns) FROM blobs WHERE domain = \(domain) AND digest = \(digest.bytes)", CheckedBlob.init)
        }
    }

    /// The fate of an object whose content `blob` has already, which is in the key domain of `repository`; nil when nobody has the blob's keys any more.
    /// Throws `ObjectDamage`, `KeyFailure`.
    func superfluous(_ blob: CheckedBlob, _ digest: Digest, in repository: Repository) async throws -> ObjectFate? {
        guard blob.sealedBytes != nil else { return .superfluous(blob, wrap: nil) }
        guard let keys = try await dataKeys(of: blob) else { return nil }
        return .superfluous(blob, wrap: try await wrap(keys, of: digest, generation: blob.generation, for: repository))
    }
}

extension WriteTransaction {
    /// The id of the blob that stays, and its keys for the repository; nil when things have changed since the fate was found. An object
    /// that is not needed goes to the reaper. Without `form` nothing but `superfluous` can be.
    func carryOut(_ fate: ObjectFate, _ blobID: Int64, _ digest: Digest, _ form: NewForm?, in repository: Repository) throws -> (Int64, [UInt8]?)? {
        switch fate {
        case .kept(let wrap):
            guard let form else { return nil }
            let state = form.archivedBytes == nil ? BlobState.sound : .archived
            let inserted = try execute(
                """
                INSERT INTO blobs (id, domain, digest, size, object_key, created_at, keyed_at, sealed_bytes, state, archived_bytes)
                VALUES (\(blobID), \(repository.domain), \(digest.bytes), \(form.size), \(form.key.description), \(now), \(now),
                    \(optional: form.sealed?.bytes), \(state.rawValue), \(optional: form.archivedBytes))
                ON CONFLICT (domain, digest) DO NOTHING
                """)
            return inserted == 1 ? (blobID, wrap) : nil
        case .superfluous(let blob, let wrap):
            guard try isUnchanged(blob) else { return nil }
            if let form, blob.key != form.key { try bury(form.key, at: now) }
            return (blob.rowID, wrap)
        case .replacing(let blob, let wrap, let others):
            guard let form, try replaceObject(of: blob, by: form, wraps: others) else { return nil }
            if let old = blob.key { try bury(old, at: now) }
            return (blob.rowID, wrap)
        }
    }
}
