import OCI
import SealedObjects
import Stores

/// What is to become of the object of a completed upload.
private enum ObjectFate: Sendable {
    /// The blob is new here.
    case kept(wrap: [UInt8]?)
    /// The blob has an object already, whose keys its repository gets.
    case superfluous(CheckedBlob, wrap: [UInt8]?)
    /// The blob's object is damaged, in the archive, or nobody can open it any more: this takes its place, with keys for all who hold the blob.
    case replacing(CheckedBlob, wrap: [UInt8]?, others: [Int64: [UInt8]])
}

extension Registry {
    /// Writes down that a completed upload, whose object `form` is, is the blob `digest`.
    func recordLayer(_ record: UploadRecord, as digest: Digest, _ form: NewForm) async throws -> CompletedLayer {
        while true {
            let fate = try await fate(of: form, digest, in: record.repository)
            let (id, blobID, lease) = (id, ids.nextID(), limits.blobLease)
            let completed: CompletedLayer? = try await database.write { transaction in
                let repository = try transaction.repository(record.repository.name, in: id)
                guard repository.rowID == record.repository.rowID else {
                    throw RegistryError.uploadNotFound(record.id, repository.name, registry: id)
                }
                guard let (kept, wrap) = try transaction.carryOut(fate, blobID, digest, form, in: repository) else { return nil }
                let isNew = try transaction.link(kept, to: repository, wrap: wrap, until: transaction.now + lease)
                try transaction.finishUpload(record.id, as: digest, expires: transaction.now + .seconds(3600))
                return CompletedLayer(layer: Layer(digest: digest, size: form.size), wasPresent: !isNew)
            }
            if let completed {
                services.noteVerified(form.key)
                return completed
            }
        }
    }

    private func fate(of form: NewForm, _ digest: Digest, in repository: Repository) async throws -> ObjectFate {
        func wrap(_ keys: BlobKeys?, _ generation: Int64) async throws -> [UInt8]? {
            try await services.wraps(of: keys, digest, generation: generation, for: [repository])[repository.rowID]
        }
        let found = try await database.read { transaction in
            try transaction.first(
                "SELECT \(sql: CheckedBlob.columns) FROM blobs WHERE domain = \(repository.domain) AND digest = \(digest.bytes)", CheckedBlob.init)
        }
        guard let blob = found else { return .kept(wrap: try await wrap(form.sealed?.keys, 0)) }
        if blob.state == .sound {
            if blob.sealedBytes == nil { return .superfluous(blob, wrap: nil) }
            do {
                if let keys = try await services.dataKeys(of: blob) { return .superfluous(blob, wrap: try await wrap(keys, blob.generation)) }
            } catch let damage as ObjectDamage {
                services.log.error(
                    "the keys of a blob are damaged; a push replaces it", metadata: ["digest": "\(digest)", "reason": "\(damage.reason)"])
            }
        }
        let holders = try await database.read { try $0.holders(of: blob.rowID) }.map(\.repository)
        let others = try await services.wraps(of: form.sealed?.keys, digest, generation: blob.generation + 1, for: holders)
        return .replacing(blob, wrap: try await wrap(form.sealed?.keys, blob.generation + 1), others: others)
    }
}

extension WriteTransaction {
    /// The id of the blob that stays, and its keys for the repository; nil when things have changed since the fate was found. An object
    /// that is not needed goes to the reaper.
    fileprivate func carryOut(
        _ fate: ObjectFate, _ blobID: Int64, _ digest: Digest, _ form: NewForm, in repository: Repository
    ) throws -> (Int64, [UInt8]?)? {
        switch fate {
        case .kept(let wrap):
            let inserted = try execute(
                """
                INSERT INTO blobs (id, domain, digest, size, object_key, created_at, keyed_at, sealed_bytes)
                VALUES (\(blobID), \(repository.domain), \(digest.bytes), \(form.size), \(form.key.description), \(now), \(now), \(optional: form.sealed?.bytes))
                ON CONFLICT (domain, digest) DO NOTHING
                """)
            return inserted == 1 ? (blobID, wrap) : nil
        case .superfluous(let blob, let wrap):
            guard try isUnchanged(blob) else { return nil }
            if blob.key != form.key { try bury(form.key, at: now) }
            return (blob.rowID, wrap)
        case .replacing(let blob, let wrap, let others):
            guard try replaceObject(of: blob, by: form, wraps: others) else { return nil }
            if let old = blob.key { try bury(old, at: now) }
            return (blob.rowID, wrap)
        }
    }
}
