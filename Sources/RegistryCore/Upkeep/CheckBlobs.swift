import OCI
import Stores

extension RegistryServices {
    /// I2: every blob's object is there, as long as its row says and, when it is read, with its digest.
    func checkBlobs(_ report: inout CheckReport, _ options: CheckOptions, _ progress: @Sendable (CheckProgress) -> Void) async throws {
        let total = try await count("SELECT COUNT(*) FROM blobs")
        let bytes = try await bytes(in: options.reading)
        var last: Int64 = 0
        while true {
            let start = last
            let page = try await database.read { transaction in
                try transaction.rows("SELECT \(sql: CheckedBlob.columns) FROM blobs WHERE id > \(start) ORDER BY id LIMIT 500", CheckedBlob.init)
            }
            guard let end = page.last?.rowID else { return }
            last = end
            for blob in page {
                report.blobs += 1
                let isRead = options.reading?.contains(blob.rowID) ?? false
                let before = report.bytesRead
                let fault: BlobFault?
                do {
                    fault = try await self.fault(in: blob, isRead: isRead) { offset in
                        progress(CheckProgress(subject: .data, done: before + offset, total: bytes))
                    }
                } catch BlobStoreError.failed(let reason) {
                    // It is no reason for quarantine: too many open files would look like this, too.
                    report.damage.append(Damage(invariant: "I2", finding: BlobFault.unreadable(reason).sentence(on: blob)))
                    continue
                }
                if isRead { report.bytesRead += blob.size }
                guard let fault else { continue }
                report.damage.append(Damage(invariant: "I2", finding: fault.sentence(on: blob)))
                if options.quarantining, try await quarantine(blob, for: fault), let digest = blob.digest { report.quarantined.append(digest) }
            }
            progress(CheckProgress(subject: .blobs, done: Int64(report.blobs), total: total))
        }
    }

    private func bytes(in slice: DataSlice?) async throws -> Int64 {
        guard let slice else { return 0 }
        return try await count("SELECT COALESCE(SUM(size), 0) FROM blobs WHERE id % \(slice.count) = \(slice.remainder)")
    }
}

extension OpenBlob {
    /// The digest of the first `count` bytes, read in pieces of one MiB; of what there is when there are fewer. `progress` gets the
    /// number of bytes after each piece.
    func digest(by algorithm: Digest.Algorithm, count: Int64, progress: (Int64) async throws -> Void = { _ in }) async throws -> Digest {
        var hash = ContentHash(algorithm)
        try await readPieces(to: count) { bytes, offset in
            hash.update(bytes)
            try await progress(offset)
        }
        return hash.digest
    }
}
