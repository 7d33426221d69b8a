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
            var record = try await database.read { try $0.upload(uploadID, in: name, of: id) }
            if let result = record.result {
                guard result == digest, !strict else { throw RegistryError.uploadNotFound(uploadID, name, registry: id) }
                return CompletedLayer(layer: Layer(digest: digest, size: record.offset), wasPresent: true)
            }
            if strict { try await checkStrictly(record, digest) }
            do {
                let seal = try await services.unlock(&record)
                if record.offset == 0 { try await blobs.append(to: record.objectKey, at: 0).close() }
                let actual = try await self.digest(of: record, seal, by: digest.algorithm)
                guard actual == digest else { throw RegistryError.layerDigestMismatch(expected: digest, actual: actual) }
                let form = try await makeObject(of: record, seal)
                return try await recordLayer(record, as: digest, form)
            } catch BlobStoreError.full {
                throw RegistryError.storageFull
            } catch BlobStoreError.missing {
                throw RegistryError.uploadNotFound(uploadID, name, registry: id)
            }
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
    private func digest(of record: UploadRecord, _ seal: UploadSeal?, by algorithm: Digest.Algorithm) async throws -> Digest {
        guard algorithm == .sha512 else { return record.hash.digest() }
        if record.offset == 0 { return Digest.of([], by: .sha512) }
        let content = try await services.content(of: record, seal)
        defer { content.close() }
        // All of it is read and hashed now, which must not hold up the other connections of an event loop.
        return try await withTaskExecutorPreference(globalConcurrentExecutor) { try await content.digest(by: algorithm, count: record.offset) }
    }

    private func makeObject(of previous: UploadRecord, _ seal: UploadSeal?) async throws -> NewForm {
        var record = previous
        do {
            guard seal != nil else {
                try await blobs.commit(record.objectKey, size: record.offset, as: record.objectKey)
                return record.form(nil)
            }
            let upload = try await services.open(&record)
            do {
                try await makeObject(record.objectKey, of: upload.file)
                await upload.file.close()
                return upload.form(record)
            } catch {
                await upload.file.close()
                throw error
            }
        } catch BlobStoreError.missing {
            // A crash between the store and the database left the bytes under their final name: go on from there.
            let form = previous.form(seal?.keys)
            guard try await blobs.durableSize(of: form.key) == form.sealed?.bytes ?? form.size else { throw BlobStoreError.missing(form.key) }
            return form
        }
    }
}
