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
        let id = id
        let seen = try await database.read { try $0.repository(name, in: id) }
        // Each use of a KMS key is asked for when it is needed.
        guard seen.encryption.key == nil else {
            guard let begun = try await beginUploads(1, in: seen) else { return try await startUpload(in: name) }
            return LayerUpload(id: begun[0], offset: 0)
        }
        let (place, now) = (SpareUploads.Place(seen), services.clock.now)
        let spare = services.spareUploads.take(in: place, at: now)
        if let uploadID = spare.id { return LayerUpload(id: uploadID, offset: 0) }
        guard let begun = try await beginUploads(spare.toBegin, in: seen) else { return try await startUpload(in: name) }
        services.spareUploads.keep(begun.dropFirst(), in: place, at: now)
        return LayerUpload(id: begun[0], offset: 0)
    }

    /// Begins so many uploads, and gives their ids; nil when the repository got another key since it was `seen`.
    private func beginUploads(_ count: Int, in seen: Repository) async throws -> [String]? {
        var sessions: [(id: String, key: ObjectKey, wrap: [UInt8]?)] = []
        for _ in 0..<count {
            let (uploadID, key) = newUploadNames()
            sessions.append((uploadID, key, try await services.newUploadKeys(for: key, in: seen)))
        }
        let (id, lifetime, begun) = (id, limits.uploadSession + (count > 1 ? SpareUploads.wait : .zero), sessions)
        return try await database.write { transaction in
            let repository = try transaction.repository(seen.name, in: id)
            guard repository.rowID == seen.rowID else { throw RegistryError.repositoryNotFound(seen.name, registry: id) }
            guard repository.keyNumber == seen.keyNumber else { return nil }
            for session in begun {
                try transaction.insertUpload(session.id, key: session.key, wrap: session.wrap, in: repository, expires: transaction.now + lifetime)
            }
            return begun.map(\.id)
        }
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
