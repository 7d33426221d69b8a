import OCI
import SealedObjects
import Stores

extension Registry {
    /// Writes down that a completed upload, whose object `form` is, is the blob `digest`; is committed when the object's bytes are durable.
    func recordLayer(_ record: UploadRecord, as digest: Digest, _ form: NewForm, once durability: Durability? = nil) async throws -> CompletedLayer {
        while true {
            let fate = try await services.fate(of: form, digest, in: record.repository)
            let (id, blobID, lease) = (id, ids.nextID(), limits.blobLease)
            let completed: CompletedLayer? = try await database.write { transaction in
                let repository = try transaction.repository(record.repository.name, in: id)
                guard repository.rowID == record.repository.rowID else {
                    throw RegistryError.uploadNotFound(record.id, repository.name, registry: id)
                }
                // The key under which it was begun, even when the repository has got another one meanwhile.
                guard let under = repository.under(key: record.repository.keyNumber) else {
                    throw RegistryError.uploadNotFound(record.id, repository.name, registry: id)
                }
                if under.keyNumber != repository.keyNumber, let held = try transaction.layer(digest, in: repository),
                    held.repository.keyNumber == repository.keyNumber
                {
                    // It came under the new key by another way; the manifests name that one.
                    try transaction.bury(form.key, at: transaction.now)
                    try transaction.finishUpload(record.id, as: digest, expires: transaction.now + .seconds(3600))
                    try durability?.wait()
                    return CompletedLayer(layer: held.layer, wasPresent: true)
                }
                guard let (kept, wrap) = try transaction.carryOut(fate, blobID, digest, form, in: under) else { return nil }
                let isNew = try transaction.link(kept, to: under, wrap: wrap, until: transaction.now + lease)
                try transaction.finishUpload(record.id, as: digest, expires: transaction.now + .seconds(3600))
                try durability?.wait()
                return CompletedLayer(layer: Layer(digest: digest, size: form.size), wasPresent: !isNew)
            }
            if let completed {
                services.noteVerified(form.key)
                return completed
            }
        }
    }
}
