import OCI
import SealedObjects
import Stores

extension RegistryServices {
    /// Writes what an encrypted upload has under another name and new keys, those under the key of `repository`, which is what the upload's is or has
    /// become; `record` is then the new one. Throws `BlobStoreError.missing` when it changed meanwhile, `KeyFailure`.
    func rewrite(_ record: inout UploadRecord, _ seal: UploadSeal, in repository: Repository) async throws -> OpenedUpload {
        let (old, target) = (record, try await beginCopy())
        let key = try await key(of: repository)
        let keys = key.newDataKeys(ids)
        let wrap = try await key.wrap(keys, for: SealContext.dataKeys(ofUpload: target, in: repository))
        let sealed = try await abandoning(target) {
            let sealed = SealedUpload(try await blobs.append(to: target, at: 0), beginning: target, in: repository.domain, with: keys, ids)
            do {
                if old.offset > 0 { try await copy(old, seal, to: sealed) }
                try await sealed.synchronize()
            } catch {
                await sealed.close()
                throw error
            }
            return sealed
        }
        do {
            record.objectKey = target
            record.repository = repository
            record.wrap = wrap
            let opened = OpenedUpload(file: sealed, sealed: sealed, keys: keys)
            record.progress = opened.progress(of: record)
            let progress = record.progress
            let isDone = try await database.write { transaction in
                guard try transaction.repository(rowID: repository.rowID)?.keyNumber ?? 0 >= repository.keyNumber else { return false }
                let changed = try transaction.execute(
                    """
                    UPDATE uploads SET object_key = \(target.description), wrap = \(wrap), progress = \(optional: progress),
                        key_number = \(repository.keyNumber)
                    WHERE id = \(old.id) AND off = \(old.offset) AND epoch = \(old.epoch) AND state = 0
                    """)
                guard changed == 1 else { return false }
                try transaction.keepCopy(target)
                try transaction.bury(old.objectKey, at: transaction.now)
                return true
            }
            guard isDone else {
                try await abandonCopy(target)
                throw BlobStoreError.missing(old.objectKey)
            }
            return opened
        } catch {
            await sealed.close()
            throw error
        }
    }

    private func copy(_ upload: UploadRecord, _ seal: UploadSeal, to file: SealedUpload) async throws {
        let content = try await content(of: upload, seal)
        defer { content.close() }
        let end = try await content.readPieces(to: upload.offset) { bytes, _ in try await file.write(bytes) }
        guard end == upload.offset else { throw BlobStoreError.missing(upload.objectKey) }
    }
}
