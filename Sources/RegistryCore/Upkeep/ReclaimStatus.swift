import Stores

/// What the collector of garbage has before it.
package struct ReclaimStatus: Codable, Hashable, Sendable {
    /// Blobs that it will look at when their lease has ended.
    package let waitingBlobs: Int64
    /// Blobs whose lease has ended.
    package let dueBlobs: Int64
    /// How long the blob that is due longest has been so, in seconds; 0 when none is.
    package let delaySeconds: Double
    /// Objects that no row names any more and that are not deleted yet.
    package let buriedObjects: Int64
    /// Of these, those of which an attempt failed.
    package let failedDeletions: Int64
    package let openUploads: Int64
    /// Deleted repositories whose rows are being removed.
    package let deletedRepositories: Int64
    /// Blobs that `berth fsck --quarantine` found damaged.
    package let quarantinedBlobs: Int64
}

extension RegistryServices {
    /// Counts what there is to do.
    package func reclaimStatus() async throws -> ReclaimStatus {
        try await database.read { transaction in
            let now = transaction.now
            func count(_ query: SQL) throws -> Int64 { try transaction.first(query) { $0.integer(0) } ?? 0 }
            return ReclaimStatus(
                waitingBlobs: try count("SELECT COUNT(*) FROM gc_queue WHERE due_at > \(now)"),
                dueBlobs: try count("SELECT COUNT(*) FROM gc_queue WHERE due_at <= \(now)"),
                delaySeconds: try transaction.reclaimDelay / .seconds(1),
                buriedObjects: try count("SELECT COUNT(*) FROM tombstones"),
                failedDeletions: try count("SELECT COUNT(*) FROM tombstones WHERE attempts > 1"),
                openUploads: try count("SELECT COUNT(*) FROM uploads WHERE state = 0"),
                deletedRepositories: try count("SELECT COUNT(*) FROM repos WHERE state = 1"),
                quarantinedBlobs: try count("SELECT COUNT(*) FROM blobs WHERE state <> 0 AND state IN (1, 2)"))
        }
    }

    /// How long what could be removed first, a blob or an object, has waited for it; zero when nothing does. What cannot be removed now, since a backup
    /// holds it or the store refused, does not count: no haste would help. A few steps along indexes.
    package func collectionDelay() async throws -> Duration {
        try await database.read { transaction in
            let buried =
                try transaction.isHeld()
                ? nil
                : try transaction.first(
                    "SELECT delete_after FROM tombstones WHERE attempts < 2 ORDER BY delete_after, object_key LIMIT 1"
                ) { $0.timestamp(0) }
            let moment = transaction.now.milliseconds
            return max(try transaction.reclaimDelay, .milliseconds(max(0, moment - (buried?.milliseconds ?? moment))))
        }
    }
}

extension ReadTransaction {
    fileprivate var reclaimDelay: Duration {
        get throws {
            let due = try first("SELECT due_at FROM gc_queue ORDER BY due_at LIMIT 1") { $0.integer(0) }
            return .milliseconds(max(0, now.milliseconds - (due ?? .max)))
        }
    }
}
