import OCI
import Stores

extension RegistryServices {
    /// Looks at up to `limit` blobs whose time has come and lets go of those that no manifest names and no lease holds:
    /// first the repository's link, then, with the last link, the blob's row, whose object goes to the reaper.
    /// The foreign keys decide the race with a push. `together` of them share a transaction, and `rest` is called between the transactions. Returns how many
    /// were looked at, which are fewer when its task is cancelled.
    package func reclaimBlobs(limit: Int, together: Int = 10, rest: () async -> Void = {}) async throws -> Int {
        var count = 0
        while count < limit, !Task.isCancelled {
            if count > 0 { await rest() }
            let looked = try await reclaimDueBlobs(limit: min(together, limit - count))
            count += looked
            guard looked == together else { break }
        }
        return count
    }

    private func reclaimDueBlobs(limit: Int) async throws -> Int {
        let due: [DueBlob]
        do {
            due = try await database.writeAside { transaction in
                let due = try transaction.claimDueBlobs(limit: limit)
                for blob in due { try transaction.reclaim(blob) }
                return due
            }
        } catch {
            return try await reclaimOneByOne(limit: limit)
        }
        forget(due)
        return due.count
    }

    /// For when one undoes what all did: a transaction for each, and those that fail are tried again when their claim has ended.
    private func reclaimOneByOne(limit: Int) async throws -> Int {
        let due = try await database.writeAside { try $0.claimDueBlobs(limit: limit) }
        var failure: (any Error)?
        for blob in due { do { try await database.writeAside { try $0.reclaim(blob) } } catch { failure = error } }
        forget(due)
        if let failure { throw failure }
        return due.count
    }

    /// Of what pulls remember, the rest asks `remembers`.
    private func forget(_ blobs: [DueBlob]) {
        let gone = Set(blobs.map(\.id))
        layerReads.forget { $0.map { gone.contains($0.blobID) } ?? false }
    }
}

/// An entry of the collector's queue.
private struct DueBlob: Sendable {
    let repositoryID: Int64
    let id: Int64
}

extension WriteTransaction {
    fileprivate func claimDueBlobs(limit: Int) throws -> [DueBlob] {
        // The condition is repeated outside, so that of two workers on PostgreSQL the later one re-checks it.
        try rows(
            """
            UPDATE gc_queue SET lease_until = \(now + .seconds(30)), attempts = attempts + 1
            WHERE (repo_id, blob_id) IN (
                SELECT repo_id, blob_id FROM gc_queue WHERE due_at <= \(now) AND lease_until < \(now)
                ORDER BY due_at, repo_id, blob_id LIMIT \(limit)
            ) AND lease_until < \(now)
            RETURNING repo_id, blob_id
            """
        ) { DueBlob(repositoryID: $0.integer(0), id: $0.integer(1)) }
    }

    fileprivate func reclaim(_ blob: DueBlob) throws {
        let (repositoryID, blobID) = (blob.repositoryID, blob.id)
        let lease = try first("SELECT lease_until FROM repo_blobs WHERE repo_id = \(repositoryID) AND blob_id = \(blobID)") { $0.timestamp(0) }
        if let lease, lease > now {
            try execute("UPDATE gc_queue SET due_at = \(lease), lease_until = 0 WHERE repo_id = \(repositoryID) AND blob_id = \(blobID)")
            return
        }
        try execute("DELETE FROM gc_queue WHERE repo_id = \(repositoryID) AND blob_id = \(blobID)")
        try execute(
            """
            DELETE FROM repo_blobs WHERE repo_id = \(repositoryID) AND blob_id = \(blobID) AND lease_until <= \(now)
                AND NOT EXISTS (SELECT 1 FROM manifest_blobs WHERE repo_id = \(repositoryID) AND blob_id = \(blobID))
            """)
        let object = try first(
            """
            DELETE FROM blobs WHERE id = \(blobID) AND NOT EXISTS (SELECT 1 FROM repo_blobs WHERE blob_id = \(blobID))
            RETURNING object_key
            """
        ) { $0.text(0) }
        // Of what an active image or a lease held until now, archived images may be the last.
        guard let object else { return try queueForArchive(blobID) }
        if let key = ObjectKey(object) { try bury(key, at: now) }
    }
}
