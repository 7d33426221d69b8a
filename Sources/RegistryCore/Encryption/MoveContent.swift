import OCI
import SealedObjects
import Stores

/// Where the move of a repository's content to another key goes on.
package enum MovePosition: Codable, Hashable, Sendable {
    case uploads
    /// Those whose rows come after.
    case manifests(after: Int64)
    case blobs(after: Int64)
}

/// What a part of the move did.
package struct MoveStep: Codable, Hashable, Sendable {
    package var moved = 0
    /// Of content that was moved.
    package var bytes: Int64 = 0
    /// Where to go on; nil at the end.
    package var next: MovePosition?
}

extension Registry {
    /// Moves a part of what a repository has from its former key to its key, until `bytes` were written; what cannot be moved now is left and passed
    /// over. Pulls and pushes go on meanwhile. Throws `repositoryNotFound`, `KeyFailure`.
    package func moveContent(of name: RepositoryName, from position: MovePosition, upTo bytes: Int64) async throws -> MoveStep {
        let id = id
        let repository = try await database.read { try $0.repository(name, in: id) }
        guard let former = repository.former else { return MoveStep() }
        switch position {
        case .uploads: return MoveStep(moved: try await services.moveUploads(of: repository), next: .manifests(after: 0))
        case .manifests(let last): return try await services.moveManifests(of: repository, after: last, limit: 50)
        case .blobs(let last): return try await services.moveBlobs(of: repository, from: former, after: last, upTo: bytes)
        }
    }
}

extension RegistryServices {
    /// Those that are being appended to are left.
    fileprivate func moveUploads(of repository: Repository) async throws -> Int {
        let ids = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT id FROM uploads
                WHERE repo_id = \(repository.rowID) AND key_number <> \(repository.keyNumber) AND state = 0 AND expires_at > \(transaction.now)
                """
            ) { $0.text(0) }
        }
        var count = 0
        for id in ids where try await uploads.withLockIfFree(id, { try await moveUpload(id, of: repository) }) == true { count += 1 }
        return count
    }

    private func moveUpload(_ id: String, of repository: Repository) async throws -> Bool {
        do {
            var record = try await database.read { try $0.upload(id, in: repository.name, of: repository.registry) }
            guard record.result == nil, record.repository.keyNumber != repository.keyNumber else { return false }
            if let seal = try await unlock(&record) {
                await (try rewrite(&record, seal, in: repository)).file.close()
                return true
            }
            // Nothing of it is sealed.
            return try await database.write { transaction in
                try transaction.execute("UPDATE uploads SET key_number = \(repository.keyNumber) WHERE id = \(id) AND wrap IS NULL") == 1
            }
        } catch RegistryError.uploadNotFound {
            return false
        } catch let error as BlobStoreError where error != .full {
            log.warning("an upload stays under the former key", metadata: ["upload": "\(id)", "error": "\(error)"])
            return false
        }
    }

    fileprivate func moveManifests(of repository: Repository, after last: Int64, limit: Int) async throws -> MoveStep {
        let page = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT m.id, m.digest, p.payload, p.sealed FROM manifests m JOIN manifest_bytes p ON p.manifest_id = m.id
                WHERE m.repo_id = \(repository.rowID) AND m.id > \(last) ORDER BY m.id LIMIT \(limit)
                """
            ) { (id: $0.integer(0), digest: Digest(bytes: $0.bytes(1)), payload: StoredPayload(bytes: $0.bytes(2), keyNumber: $0.integer(3))) }
        }
        var ready: [(id: Int64, old: StoredPayload, new: StoredPayload)] = []
        for row in page where row.payload.keyNumber != repository.keyNumber {
            guard let digest = row.digest else { continue }
            do {
                let payload = try await open(row.payload, of: digest, in: repository)
                ready.append((row.id, row.payload, try await seal(payload, of: digest, in: repository)))
            } catch let error as BlobStoreError {
                log.error("a manifest cannot be moved to another key", metadata: ["digest": "\(digest)", "error": "\(error)"])
            }
        }
        let sealed = ready
        let moved = try await database.write { transaction in
            guard try transaction.repository(rowID: repository.rowID)?.keyNumber == repository.keyNumber else { return 0 }
            return try sealed.reduce(0) { count, row in
                try count
                    + transaction.execute(
                        """
                        UPDATE manifest_bytes SET payload = \(row.new.bytes), sealed = \(row.new.keyNumber)
                        WHERE manifest_id = \(row.id) AND sealed = \(row.old.keyNumber)
                        """)
            }
        }
        return MoveStep(
            moved: moved, bytes: Int64(sealed.reduce(0) { $0 + $1.new.bytes.count }),
            next: page.last.map { .manifests(after: $0.id) } ?? .blobs(after: 0))
    }

    fileprivate func moveBlobs(of repository: Repository, from former: Repository, after last: Int64, upTo bytes: Int64) async throws -> MoveStep {
        let page = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT \(sql: CheckedBlob.columns) FROM blobs WHERE id IN (
                    SELECT blob_id FROM repo_blobs WHERE repo_id = \(repository.rowID) AND blob_id > \(last) AND key_number = \(former.keyNumber)
                    ORDER BY blob_id LIMIT 100
                ) ORDER BY id
                """, CheckedBlob.init)
        }
        var step = MoveStep()
        for blob in page where step.bytes < bytes {
            step.next = .blobs(after: blob.rowID)
            do {
                guard try await moveBlob(blob, to: repository) else { continue }
                step.moved += 1
                step.bytes += blob.size
            } catch let damage as ObjectDamage {
                log.error("a blob cannot be moved to another key", metadata: ["blob": "\(blob.rowID)", "reason": "\(damage.reason)"])
            } catch let error as BlobStoreError where error != .full {
                log.error("a blob cannot be moved to another key", metadata: ["blob": "\(blob.rowID)", "error": "\(error)"])
            }
        }
        return step
    }

    /// False for a blob that is damaged and was not pushed again, or that the repository does not hold under its former key any more.
    private func moveBlob(_ blob: CheckedBlob, to repository: Repository) async throws -> Bool {
        guard let digest = blob.digest else { return false }
        var (fate, form): (ObjectFate?, NewForm?) = (try await present(digest, like: blob, in: repository), nil)
        if fate == nil, blob.state == .sound || blob.state == .archived {
            let keys = try await key(of: repository).newDataKeys(ids)
            form = try await copyObject(of: blob, under: keys, in: repository.domain, pace: { _ in })
            guard let form else { return false }
            fate = try await abandoning(form.key) { try await self.fate(of: form, digest, in: repository) }
        }
        guard let fate else { return false }
        let (kept, id) = (form, ids.nextID())
        let isMoved = try await database.write { transaction in try transaction.move(blob, digest, to: repository, fate, kept, id: id) }
        if !isMoved, let form { try await abandonCopy(form.key) }
        return isMoved
    }

    /// The blob's object in the domain of `repository`, where there is one that can be opened and lies where `blob` does or can be pulled.
    private func present(_ digest: Digest, like blob: CheckedBlob, in repository: Repository) async throws -> ObjectFate? {
        guard let found = try await self.blob(digest, in: repository.domain),
            found.state == .sound || (found.state == .archived && blob.state == .archived)
        else { return nil }
        do {
            return try await superfluous(found, digest, in: repository)
        } catch is ObjectDamage {
            return nil
        }
    }
}

extension WriteTransaction {
    /// Lets a repository hold `digest` under its key instead of its former one, and all its manifests name that. False when things have changed since
    /// `fate` was found.
    fileprivate func move(_ old: CheckedBlob, _ digest: Digest, to repository: Repository, _ fate: ObjectFate, _ form: NewForm?, id: Int64) throws
        -> Bool
    {
        guard let now = try self.repository(rowID: repository.rowID), now.keyNumber == repository.keyNumber, let former = now.former else {
            return false
        }
        let lease = try first(
            """
            SELECT lease_until FROM repo_blobs WHERE repo_id = \(now.rowID) AND blob_id = \(old.rowID) AND key_number = \(former.keyNumber)
            """
        ) { $0.timestamp(0) }
        guard let lease, let (kept, wrap) = try carryOut(fate, id, digest, form, in: now) else { return false }
        _ = try link(kept, to: now, wrap: wrap, until: lease)
        if let form, fate.takesObject { try keepCopy(form.key) }
        guard kept != old.rowID else { return true }
        // All at once: of what no image names any more the repository's size counts the bytes once.
        try execute("UPDATE manifest_blobs SET blob_id = \(kept) WHERE repo_id = \(now.rowID) AND blob_id = \(old.rowID)")
        try execute("DELETE FROM repo_blobs WHERE repo_id = \(now.rowID) AND blob_id = \(old.rowID)")
        try queueForReclaiming(old.rowID, repositoryID: now.rowID, at: self.now)
        try queueForArchive(kept)
        return true
    }
}
