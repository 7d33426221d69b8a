import OCI
import Stores

/// What completing an upload did.
package struct CompletedLayer: Hashable, Sendable {
    package let layer: Layer
    /// True when the blob was in the repository before this upload.
    package let wasPresent: Bool
}

extension Registry {
    /// Makes a blob of an upload, under `digest`; durable when it returns. Repeating it with the same digest repeats the answer.
    /// `strict` adds the rules of ECR's layer API: not empty, no part but the last below 5 MiB, not present already.
    /// Throws `uploadNotFound`, `layerDigestMismatch`, `storageFull`; when strict also `uploadEmpty`, `uploadPartTooSmall`, `layerExists`.
    package func completeUpload(_ uploadID: String, as digest: Digest, in name: RepositoryName, strict: Bool = false) async throws -> CompletedLayer {
        try await services.uploads.withLock(uploadID) {
            let id = id
            let record = try await database.read { try $0.upload(uploadID, in: name, of: id) }
            if let result = record.result {
                guard result == digest, !strict else { throw RegistryError.uploadNotFound(uploadID, name, registry: id) }
                return CompletedLayer(layer: Layer(digest: digest, size: record.offset), wasPresent: true)
            }
            if strict { try await checkStrictly(record, digest) }
            do {
                if record.offset == 0 { try await blobs.append(to: record.objectKey, at: 0).close() }
                let actual = try await self.digest(of: record, by: digest.algorithm)
                guard actual == digest else { throw RegistryError.layerDigestMismatch(expected: digest, actual: actual) }
                try await makeObject(of: record)
            } catch BlobStoreError.full {
                throw RegistryError.storageFull
            } catch BlobStoreError.missing {
                throw RegistryError.uploadNotFound(uploadID, name, registry: id)
            }
            return try await recordLayer(record, as: digest)
        }
    }

    private func checkStrictly(_ record: UploadRecord, _ digest: Digest) async throws {
        let name = record.repository.name
        guard record.offset > 0 else { throw RegistryError.uploadEmpty(record.id, name, registry: id) }
        guard record.parts != .brokenByShort else {
            throw RegistryError.uploadPartTooSmall(record.id, name, minimum: limits.smallestLayerPartBytes, registry: id)
        }
        guard try await findLayers([digest], in: name, reserving: true).isEmpty else {
            throw RegistryError.layerExists(digest, name, registry: id)
        }
    }

    /// The digest of the upload's bytes: SHA-256 was made as they came, SHA-512 takes another reading.
    private func digest(of record: UploadRecord, by algorithm: Digest.Algorithm) async throws -> Digest {
        guard algorithm == .sha512 else { return record.hash.digest() }
        let content = try await blobs.openUpload(record.objectKey)
        defer { content.close() }
        return try await content.digest(by: algorithm, count: record.offset)
    }

    private func makeObject(of record: UploadRecord) async throws {
        do {
            try await blobs.commit(record.objectKey, size: record.offset, as: record.objectKey)
        } catch BlobStoreError.missing {
            // A crash between the store and the database left the bytes under their final name: go on from there.
            guard try await blobs.size(of: record.objectKey) == record.offset else { throw BlobStoreError.missing(record.objectKey) }
        }
    }

    /// Writes the rows of a blob whose object is there.
    func recordLayer(_ record: UploadRecord, as digest: Digest) async throws -> CompletedLayer {
        let (id, blobID, lease) = (id, ids.nextID(), limits.blobLease)
        let completed = try await database.write { transaction in
            let repository = try transaction.repository(record.repository.name, in: id)
            guard repository.rowID == record.repository.rowID else { throw RegistryError.uploadNotFound(record.id, repository.name, registry: id) }
            let kept = try transaction.insertBlob(blobID, digest, of: record)
            let isNew = try transaction.link(kept, to: repository, until: transaction.now + lease)
            try transaction.finishUpload(record.id, as: digest, expires: transaction.now + .seconds(3600))
            return CompletedLayer(layer: Layer(digest: digest, size: record.offset), wasPresent: !isNew)
        }
        services.noteVerified(record.objectKey)
        return completed
    }
}

extension WriteTransaction {
    /// Adds a blob's row for a completed upload, or finds the one that is there; the id of the one that stays. The
    /// object that loses goes to the reaper; one that was found damaged or is in the archive gives way to the new one.
    fileprivate func insertBlob(_ blobID: Int64, _ digest: Digest, of record: UploadRecord) throws -> Int64 {
        let domain = record.repository.domain
        let inserted = try execute(
            """
            INSERT INTO blobs (id, domain, digest, size, object_key, created_at)
            VALUES (\(blobID), \(domain), \(digest.bytes), \(record.offset), \(record.objectKey.description), \(now))
            ON CONFLICT (domain, digest) DO NOTHING
            """)
        if inserted == 1 { return blobID }
        let existing = try first("SELECT id, state, object_key FROM blobs WHERE domain = \(domain) AND digest = \(digest.bytes)") { row in
            (id: row.integer(0), state: row.integer(1), key: ObjectKey(row.text(2)))
        }
        guard let existing, let oldKey = existing.key else { throw DatabaseError.retryable("blob \(digest) came and went") }
        if existing.state == BlobState.sound.rawValue {
            if oldKey != record.objectKey { try bury(record.objectKey, at: now) }
        } else {
            try execute(
                """
                UPDATE blobs SET object_key = \(record.objectKey.description), size = \(record.offset), state = \(BlobState.sound.rawValue),
                    archived_bytes = NULL
                WHERE id = \(existing.id)
                """)
            try bury(oldKey, at: now)
        }
        return existing.id
    }
}
