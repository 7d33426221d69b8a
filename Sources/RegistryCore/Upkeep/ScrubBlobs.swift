import OCI
import Stores

/// What a part of the scrub did.
package struct ScrubReport: Sendable {
    package var blobs = 0
    /// That were read.
    package var bytes: Int64 = 0
    /// What is wrong, and in quarantine unless its store would not even open it.
    package var damage: [Damage] = []
    /// True when every blob was read, and the next pass is not due yet.
    package var isPassOver = false
}

extension RegistryServices {
    /// Goes on reading and hashing every blob there is, in the order of their ids, where the last call stopped, also before a restart: until
    /// `bytes` were read. A blob that is damaged goes into quarantine. When all were read, nothing is done until `Limits.scrubInterval` after
    /// the beginning of the pass. `pace` gets the size of each piece that was read, and may wait.
    package func scrubBlobs(upTo bytes: Int64, pace: (Int64) async throws -> Void = { _ in }) async throws -> ScrubReport {
        var report = ScrubReport()
        guard var position = try await beginScrub() else {
            report.isPassOver = true
            return report
        }
        let start = position
        let page = try await database.read { transaction in
            try transaction.rows(
                "SELECT \(sql: CheckedBlob.columns) FROM blobs WHERE id > \(start) AND state IN (0, 3) ORDER BY id LIMIT 500", CheckedBlob.init)
        }
        for blob in page where report.bytes < bytes {
            if let damage = try await scrub(blob, &report, pace) { report.damage.append(Damage(invariant: "I2", finding: damage)) }
            position = blob.rowID
        }
        report.isPassOver = page.isEmpty
        try await endScrub(at: page.isEmpty ? nil : position)
        return report
    }

    private func scrub(_ blob: CheckedBlob, _ report: inout ScrubReport, _ pace: (Int64) async throws -> Void) async throws -> String? {
        report.blobs += 1
        var read: Int64 = 0
        defer { report.bytes += read }
        do {
            let fault = try await fault(in: blob, isRead: true) { offset in
                try await pace(offset - read)
                read = offset
            }
            if fault == nil, blob.state == .sound, let key = blob.key { noteVerified(key) }
            return fault == nil ? nil : try await quarantineIfDamaged(blob)
        } catch BlobStoreError.failed(let reason) {
            // Too many open files would look like this, too, so that it is no reason for quarantine.
            log.error("a blob cannot be opened", metadata: ["blob": "\(blob.rowID)", "error": "\(reason)"])
            return BlobFault.unreadable(reason).sentence(on: blob)
        }
    }

    /// The id after which to go on; nil when a pass is over and the next is not due.
    private func beginScrub() async throws -> Int64? {
        let state = try await database.read { transaction in
            try transaction.first("SELECT position, started_at FROM scrub WHERE id = 1") { ($0.optionalInteger(0), $0.timestamp(1), transaction.now) }
        }
        if let (position, started, now) = state {
            if let position { return position }
            guard now >= started + limits.scrubInterval else { return nil }
        }
        try await database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO scrub (id, position, started_at) VALUES (1, 0, \(transaction.now))
                ON CONFLICT (id) DO UPDATE SET position = 0, started_at = excluded.started_at
                """)
        }
        return 0
    }

    /// Nil: that was the last one.
    private func endScrub(at position: Int64?) async throws {
        try await database.write { try $0.execute("UPDATE scrub SET position = \(optional: position) WHERE id = 1") }
    }
}
