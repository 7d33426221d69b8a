import NIOCore
import OCI
import Stores

/// An upload session: bytes that are on their way to become a blob.
package struct LayerUpload: Hashable, Sendable {
    /// A random UUID in lower case; knowing it is not enough, the repository and the right to push count too.
    package let id: String
    /// The number of bytes held durably; the next byte to send.
    package let offset: Int64
}

extension Registry {
    /// Begins an upload. Throws `repositoryNotFound`.
    package func startUpload(in name: RepositoryName) async throws -> LayerUpload {
        let (id, lifetime) = (id, limits.uploadSession)
        let (uploadID, key) = newUploadNames()
        let seen = try await database.read { try $0.repository(name, in: id) }
        let wrap = try await services.newUploadKeys(for: key, in: seen)
        let begun: LayerUpload? = try await database.write { transaction in
            let repository = try transaction.repository(name, in: id)
            guard repository.rowID == seen.rowID else { throw RegistryError.repositoryNotFound(name, registry: id) }
            guard repository.keyNumber == seen.keyNumber else { return nil }
            try transaction.insertUpload(uploadID, key: key, wrap: wrap, in: repository, expires: transaction.now + lifetime)
            return LayerUpload(id: uploadID, offset: 0)
        }
        if let begun { return begun }
        // The repository got another key meanwhile.
        return try await startUpload(in: name)
    }

    /// The state of an upload. Throws `repositoryNotFound`, `uploadNotFound`.
    package func upload(_ uploadID: String, in name: RepositoryName) async throws -> LayerUpload {
        let id = id
        let record = try await database.read { try $0.upload(uploadID, in: name, of: id) }
        guard record.result == nil else { throw RegistryError.uploadNotFound(uploadID, name, registry: id) }
        return LayerUpload(id: uploadID, offset: record.offset)
    }

    /// Forgets an upload. Throws `repositoryNotFound`, `uploadNotFound`.
    package func cancelUpload(_ uploadID: String, in name: RepositoryName) async throws {
        let (id, blobs) = (id, blobs)
        try await services.uploads.withLock(uploadID) {
            let record = try await database.writeFreeing { transaction in
                let record = try transaction.upload(uploadID, in: name, of: id)
                guard record.result == nil else { throw RegistryError.uploadNotFound(uploadID, name, registry: id) }
                try transaction.execute("DELETE FROM uploads WHERE id = \(uploadID)")
                try transaction.bury(record.objectKey, at: transaction.now)
                return record
            }
            // The reaper would do it too; doing it now gives the space back at once.
            try await blobs.cancel(record.objectKey)
        }
    }

    /// A session's id, and the name of its bytes: made of nothing that a client sends, and never made again.
    private func newUploadNames() -> (id: String, key: ObjectKey) {
        (ids.newUUID(), services.newObjectKey())
    }
}
