import Logging
import OCI
import SealedObjects
import Stores

/// A blob on its way between the stores.
private struct MovingBlob: Sendable {
    let rowID: Int64
    let digest: Digest
    let size: Int64
    /// The blob as it was found.
    let checked: CheckedBlob
    /// Where its bytes are.
    let source: ObjectKey
    /// The copy of it.
    let target: ObjectKey
}

extension RegistryServices {
    /// Moves up to `limit` blobs into the archive whose time has come: only archived images name them, and no lease holds them. One that cannot be
    /// moved is tried again ten minutes later, and a damaged one goes into quarantine. Returns how many were looked at. Throws `BlobStoreError.full`.
    package func archiveBlobs(limit: Int) async throws -> Int {
        guard let archive else { return 0 }
        let due = try await database.read { transaction in
            try transaction.rows("SELECT blob_id FROM archive_queue WHERE due_at <= \(transaction.now) ORDER BY due_at, blob_id LIMIT \(limit)") {
                $0.integer(0)
            }
        }
        for id in due {
            guard let blob = try await beginArchiving(id) else { continue }
            do {
                let stored: Int64? = try await abandoning(blob.target) {
                    guard let keys = try await keys(of: blob) else { return nil }
                    let content = try await open(blob, in: blobs, keys.value)
                    defer { content.close() }
                    let object = try await NewObject(blob.target, in: archive, domain: blob.checked.domain, keys: keys.value, ids)
                    return try await ArchivedContent.write(content, size: blob.size, digest: blob.digest, to: object)
                }
                if let stored { try await finishArchiving(blob, stored) } else { try await abandonCopy(blob.target) }
            } catch let error where Self.isOfOneBlob(error) {
                try await note(error, of: blob, "a blob cannot be moved into the archive; it is tried again in ten minutes")
            }
        }
        return due.count
    }

    /// Whether `error` says something of the blob that was read, of which others know nothing.
    private static func isOfOneBlob(_ error: any Error) -> Bool {
        if let error = error as? BlobStoreError { return error != .full }
        return error is KeyFailure || error is ObjectDamage || error is ArchiveDamage
    }

    /// Looks a second time at a blob that could not be copied, which then may go into quarantine, and logs what `error` was otherwise.
    private func note(_ error: any Error, of blob: MovingBlob, _ message: Logger.Message) async throws {
        do {
            if try await quarantineIfDamaged(blob.checked) != nil { return }
        } catch let again where Self.isOfOneBlob(again) {
            // It cannot even be looked at, which says no more than the first error.
        }
        log.error(message, metadata: ["digest": "\(blob.digest)", "error": "\(error)"])
    }

    /// Its data keys, which a copy keeps: `value` is nil where it is not encrypted. Nil when nobody has them any more.
    private func keys(of blob: MovingBlob) async throws -> (value: BlobKeys?, Void)? {
        guard blob.checked.sealedBytes != nil else { return (nil, ()) }
        return try await dataKeys(of: blob.checked).map { ($0, ()) }
    }

    private func open(_ blob: MovingBlob, in store: any BlobStore, _ keys: BlobKeys?) async throws -> any OpenBlob {
        let stored = try await store.open(blob.source)
        guard let keys else { return stored }
        return try await stored.opened(as: blob.source, in: blob.checked.domain, with: keys)
    }

    /// Nil when the blob stays, for now or for good.
    private func beginArchiving(_ id: Int64) async throws -> MovingBlob? {
        let target = newObjectKey()
        return try await database.write { transaction in
            guard try transaction.isForArchive(id) else {
                try transaction.execute("DELETE FROM archive_queue WHERE blob_id = \(id)")
                return nil
            }
            if let lease = try transaction.lastLease(of: id), lease > transaction.now {
                try transaction.execute("UPDATE archive_queue SET due_at = \(lease) WHERE blob_id = \(id)")
                return nil
            }
            // Before the next one even when this one fails.
            try transaction.execute("UPDATE archive_queue SET due_at = \(transaction.now + .seconds(600)) WHERE blob_id = \(id)")
            return try transaction.beginMove(of: id, state: .sound, to: target)
        }
    }

    private func finishArchiving(_ blob: MovingBlob, _ stored: Int64) async throws {
        try await database.write { transaction in
            let lease = try transaction.lastLease(of: blob.rowID)
            let stays = try !transaction.isForArchive(blob.rowID) || lease.map { $0 > transaction.now } ?? false
            let moved =
                stays
                ? 0
                : try transaction.execute(
                    """
                    UPDATE blobs SET state = \(BlobState.archived.rawValue), object_key = \(blob.target.description), archived_bytes = \(stored)
                    WHERE id = \(blob.rowID) AND object_key = \(blob.source.description) AND state = \(BlobState.sound.rawValue)
                        AND generation = \(blob.checked.generation)
                    """)
            try transaction.endMove(blob, moved: moved == 1)
            if moved == 1 { try transaction.execute("DELETE FROM archive_queue WHERE blob_id = \(blob.rowID)") }
        }
    }

    /// Brings back the blobs of up to `limit` images that are to be restored; an image is active when all of its blobs and members
    /// are. One that does not come to that makes way for the others, for a while. Returns how many images became active. Throws `BlobStoreError.full`.
    package func activateImages(limit: Int) async throws -> Int {
        let postponed = postponedRestores.current(at: clock.now)
        let activating = try await database.read { transaction in
            try transaction.rows(
                "SELECT repo_id, id FROM manifests WHERE status = \(ImageStatus.activating.rawValue) ORDER BY id LIMIT \(limit + postponed.count)"
            ) { (repositoryID: $0.integer(0), imageID: $0.integer(1)) }
        }
        var activated = 0
        for (repositoryID, imageID) in activating.filter({ !postponed.contains($0.imageID) }).prefix(limit) {
            let services = self
            // Before the next one even when this one fails.
            postponedRestores.postpone(imageID, to: clock.now + .seconds(60))
            var isReadable = true
            for blob in try await database.read({ try $0.archivedBlobs(of: imageID) }) { isReadable = try await restore(blob) && isReadable }
            let isActive = try await database.write { transaction in
                guard let repository = try transaction.repository(rowID: repositoryID),
                    let image = try transaction.image(rowID: imageID, in: repository)
                else { return false }
                return try transaction.activateIfWhole(image, in: repository, services)
            }
            if isActive { activated += 1 }
            // What is not whole may wait for a push or for a member, which costs no copies.
            if isReadable { postponedRestores.postpone(imageID, to: clock.now + (isActive ? .zero : .seconds(5))) }
        }
        return activated
    }

    /// False when it could not be read, and is not in quarantine for it.
    private func restore(_ id: Int64) async throws -> Bool {
        guard let archive else { return false }
        let target = newObjectKey()
        let begun = try await database.write { try $0.beginMove(of: id, state: .archived, to: target) }
        guard let blob = begun else { return true }
        do {
            try await abandoning(target) { try await copy(blob, from: archive) }
        } catch let error where Self.isOfOneBlob(error) {
            try await note(error, of: blob, "an archived blob cannot be brought back; it is tried again in a minute")
            return false
        }
        try await database.write { transaction in
            let moved = try transaction.execute(
                """
                UPDATE blobs SET state = \(BlobState.sound.rawValue), object_key = \(blob.target.description), archived_bytes = NULL
                WHERE id = \(blob.rowID) AND object_key = \(blob.source.description) AND state = \(BlobState.archived.rawValue)
                    AND generation = \(blob.checked.generation)
                """)
            try transaction.endMove(blob, moved: moved == 1)
        }
        return true
    }

    /// Writes the content of an archived blob into the store of those that can be pulled, durable when it returns.
    private func copy(_ blob: MovingBlob, from archive: any BlobStore) async throws {
        guard let keys = try await keys(of: blob) else { throw ArchiveDamage(reason: "nobody has its key any more") }
        let stored = try await open(blob, in: archive, keys.value)
        defer { stored.close() }
        var upload = try await NewObject(blob.target, in: blobs, domain: blob.checked.domain, keys: keys.value, ids)
        do {
            var hash = ContentHash(blob.digest.algorithm)
            try await ArchivedContent.read(stored) { bytes in
                hash.update(bytes)
                try await upload.write(bytes)
            }
            guard hash.digest == blob.digest else { throw ArchiveDamage(reason: "the object has other bytes than its digest says") }
        } catch {
            await upload.abandon()
            throw error
        }
        _ = try await upload.finish()
    }
}

extension ReadTransaction {
    /// True when an archived image names the blob and no other does, in any repository.
    fileprivate func isForArchive(_ blobID: Int64) throws -> Bool {
        try first(
            """
            SELECT COUNT(*), SUM(CASE WHEN m.status = \(ImageStatus.archived.rawValue) THEN 1 ELSE 0 END)
            FROM repo_blobs l JOIN manifest_blobs r ON r.repo_id = l.repo_id AND r.blob_id = l.blob_id JOIN manifests m ON m.id = r.manifest_id
            WHERE l.blob_id = \(blobID)
            """
        ) { row in row.integer(0) > 0 && row.optionalInteger(1) == row.integer(0) } ?? false
    }

    /// Until when a repository's lease holds a blob.
    fileprivate func lastLease(of blobID: Int64) throws -> Timestamp? {
        try first("SELECT MAX(lease_until) FROM repo_blobs WHERE blob_id = \(blobID)") { $0.optionalTimestamp(0) }.flatMap { $0 }
    }

    /// The blobs of an image that lie in the archive.
    fileprivate func archivedBlobs(of imageID: Int64) throws -> [Int64] {
        try rows(
            """
            SELECT b.id FROM manifest_blobs r JOIN blobs b ON b.id = r.blob_id
            WHERE r.manifest_id = \(imageID) AND b.state = \(BlobState.archived.rawValue) ORDER BY b.id
            """
        ) { $0.integer(0) }
    }
}

extension WriteTransaction {
    /// Lets the archive look at a blob that can be pulled and that an archived image names.
    func queueForArchive(_ blobID: Int64) throws {
        // `BlobState.sound` and `ImageStatus.archived` in so many words: there are indexes on conditions of both, for whose sake SQLite plans the
        // statement anew whenever other values are bound.
        try execute(
            """
            INSERT INTO archive_queue (blob_id, due_at) SELECT id, CAST(\(now) AS BIGINT) FROM blobs
            WHERE id = \(blobID) AND state = 0 AND EXISTS (
                SELECT 1 FROM repo_blobs l JOIN manifest_blobs r ON r.repo_id = l.repo_id AND r.blob_id = l.blob_id
                JOIN manifests m ON m.id = r.manifest_id WHERE l.blob_id = \(blobID) AND m.status = 1
            ) ON CONFLICT (blob_id) DO NOTHING
            """)
    }

    /// Prepares a copy of a blob in `state` to `target`; nil when it is in another state by now.
    fileprivate func beginMove(of id: Int64, state: BlobState, to target: ObjectKey) throws -> MovingBlob? {
        let found = try first("SELECT \(sql: CheckedBlob.columns) FROM blobs WHERE id = \(id) AND state = \(state.rawValue)", CheckedBlob.init)
        guard let found, let digest = found.digest, let source = found.key else { return nil }
        try beginCopy(target)
        return MovingBlob(rowID: id, digest: digest, size: found.size, checked: found, source: source, target: target)
    }

    /// The blob's row names the copy now, or the copy came too late.
    fileprivate func endMove(_ blob: MovingBlob, moved: Bool) throws {
        if moved { try keepCopy(blob.target, insteadOf: blob.source) } else { try abandonCopy(blob.target) }
    }
}
