import OCI
import Stores

extension RegistryServices {
    /// Looks at up to `limit` blobs whose time has come and lets go of those that no manifest names and no lease holds:
    /// first the repository's link, then, with the last link, the blob's row, whose object goes to the reaper.
    /// One blob for each transaction, some at a time so that they share a commit: every commit makes pulls look again at what they remember. The
    /// foreign keys decide the race with a push. `rest` is called between the commits. Returns how many were looked at.
    package func reclaimBlobs(limit: Int, rest: () async -> Void = {}) async throws -> Int {
        var count = 0
        while count < limit {
            if count > 0 { await rest() }
            // No more than are looked at now: what waits may be wanted again meanwhile.
            let due = try await claimDueBlobs(limit: min(Self.sharedCommit, limit - count))
            try await withThrowingDiscardingTaskGroup { group in
                for (repositoryID, blobID) in due { group.addTask { try await reclaim(blobID, from: repositoryID) } }
            }
            count += due.count
            guard due.count == Self.sharedCommit else { break }
        }
        return count
    }

    /// How many items of the upkeep share a commit.
    static let sharedCommit = 20

    private func claimDueBlobs(limit: Int) async throws -> [(Int64, Int64)] {
        try await database.writeAside { transaction in
            let now = transaction.now
            // The condition is repeated outside, so that of two workers on PostgreSQL the later one re-checks it.
            return try transaction.rows(
                """
                UPDATE gc_queue SET lease_until = \(now + .seconds(30)), attempts = attempts + 1
                WHERE (repo_id, blob_id) IN (
                    SELECT repo_id, blob_id FROM gc_queue WHERE due_at <= \(now) AND lease_until < \(now)
                    ORDER BY due_at, repo_id, blob_id LIMIT \(limit)
                ) AND lease_until < \(now)
                RETURNING repo_id, blob_id
                """
            ) { ($0.integer(0), $0.integer(1)) }
        }
    }

    private func reclaim(_ blobID: Int64, from repositoryID: Int64) async throws {
        try await database.writeFreeing { transaction in
            let now = transaction.now
            let lease = try transaction.first(
                "SELECT lease_until FROM repo_blobs WHERE repo_id = \(repositoryID) AND blob_id = \(blobID)"
            ) { $0.timestamp(0) }
            if let lease, lease > now {
                try transaction.execute(
                    "UPDATE gc_queue SET due_at = \(lease), lease_until = 0 WHERE repo_id = \(repositoryID) AND blob_id = \(blobID)")
                return
            }
            try transaction.execute("DELETE FROM gc_queue WHERE repo_id = \(repositoryID) AND blob_id = \(blobID)")
            try transaction.execute(
                """
                DELETE FROM repo_blobs WHERE repo_id = \(repositoryID) AND blob_id = \(blobID) AND lease_until <= \(now)
                    AND NOT EXISTS (SELECT 1 FROM manifest_blobs WHERE repo_id = \(repositoryID) AND blob_id = \(blobID))
                """)
            let object = try transaction.first(
                """
                DELETE FROM blobs WHERE id = \(blobID) AND NOT EXISTS (SELECT 1 FROM repo_blobs WHERE blob_id = \(blobID))
                RETURNING object_key
                """
            ) { ObjectKey($0.text(0)) }
            if let key = object.flatMap({ $0 }) { try transaction.bury(key, at: now) }
            // Of what an active image or a lease held until now, archived images may be the last.
            try transaction.queueForArchive(blobID)
        }
    }
}
