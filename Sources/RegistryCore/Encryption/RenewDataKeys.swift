import OCI
import Stores

extension RegistryServices {
    /// Has all encrypted blobs get fresh data keys by `renewDataKeys`; what was begun and did not come to its end is gone on with, unless `isAnew`. How many
    /// there are.
    package func beginRenewal(anew isAnew: Bool) async throws -> Int64 {
        try await database.write { transaction in
            if try isAnew || transaction.renewal() == nil {
                try transaction.execute(
                    """
                    INSERT INTO renewals (id, keyed_before) VALUES (1, \(transaction.now))
                    ON CONFLICT (id) DO UPDATE SET keyed_before = excluded.keyed_before
                    """)
            }
            return try transaction.blobsToRenew()
        }
    }

    /// How many blobs still have data keys from before the renewal began; 0 when none is going on.
    package func blobsToRenew() async throws -> Int64 { try await database.read { try $0.blobsToRenew() } }

    /// Gives fresh data keys to blobs whose keys are from before the renewal began and whose rows come after `position`, until `bytes` were read. With
    /// the last one the renewal is over.
    package func renewDataKeys(after position: Int64, upTo bytes: Int64) async throws -> ResealStep {
        let page = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT \(sql: CheckedBlob.columns) FROM blobs
                WHERE sealed_bytes IS NOT NULL AND keyed_at < (SELECT keyed_before FROM renewals WHERE id = 1) AND id > \(position)
                    AND state IN (0, 3) ORDER BY id LIMIT 100
                """, CheckedBlob.init)
        }
        var step = ResealStep()
        for blob in page where step.bytes < bytes {
            step.position = blob.rowID
            do {
                if try await reseal(blob, pace: { _ in }) { step.blobs += 1 }
            } catch let failure as KeyFailure {
                log.warning("a blob gets no fresh keys while its key cannot be used", metadata: ["blob": "\(blob.rowID)", "error": "\(failure)"])
            }
            step.bytes += blob.size
        }
        if page.isEmpty, try await blobsToRenew() == 0 { try await database.write { try $0.execute("DELETE FROM renewals WHERE id = 1") } }
        return step
    }
}

extension ReadTransaction {
    /// When the renewal that is going on began; nil when there is none.
    fileprivate func renewal() throws -> Timestamp? { try first("SELECT keyed_before FROM renewals WHERE id = 1") { $0.timestamp(0) } }

    fileprivate func blobsToRenew() throws -> Int64 {
        guard let before = try renewal() else { return 0 }
        // What nobody holds any more goes by itself.
        return try first(
            """
            SELECT COUNT(*) FROM blobs b WHERE b.sealed_bytes IS NOT NULL AND b.keyed_at < \(before) AND b.state IN (0, 3)
                AND EXISTS (SELECT 1 FROM repo_blobs l WHERE l.blob_id = b.id)
            """
        ) { $0.integer(0) } ?? 0
    }
}
