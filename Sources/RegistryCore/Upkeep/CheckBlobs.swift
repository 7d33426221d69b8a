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
                try transaction.rows("SELECT id, digest, size, object_key, state FROM blobs WHERE id > \(start) ORDER BY id LIMIT 500") { row in
                    CheckedBlob(
                        rowID: row.integer(0), digest: Digest(bytes: row.bytes(1)), size: row.integer(2), key: ObjectKey(row.text(3)),
                        state: BlobState(rawValue: row.integer(4)))
                }
            }
            guard let end = page.last?.rowID else { return }
            last = end
            for blob in page {
                report.blobs += 1
                let isRead = options.reading?.contains(blob.rowID) ?? false
                let before = report.bytesRead
                let fault = try await fault(in: blob, isRead: isRead) { offset in
                    progress(CheckProgress(subject: .data, done: before + offset, total: bytes))
                }
                if isRead { report.bytesRead += blob.size }
                guard let fault else { continue }
                report.damage.append(Damage(invariant: "I2", finding: fault.sentence(on: blob)))
                if options.quarantining { try await quarantine(blob, fault.state, &report) }
            }
            progress(CheckProgress(subject: .blobs, done: Int64(report.blobs), total: total))
        }
    }

    private func bytes(in slice: DataSlice?) async throws -> Int64 {
        guard let slice else { return 0 }
        return try await count("SELECT COALESCE(SUM(size), 0) FROM blobs WHERE id % \(slice.count) = \(slice.remainder)")
    }

    private func fault(in blob: CheckedBlob, isRead: Bool, _ progress: (Int64) -> Void) async throws -> BlobFault? {
        guard let digest = blob.digest, let key = blob.key else { return .unreadableRow }
        if blob.state != .sound { return .quarantined }
        guard let actual = try await blobs.size(of: key) else { return .missing }
        guard actual == blob.size else { return .otherSize(actual) }
        guard isRead else { return nil }
        let content = try await blobs.open(key)
        defer { content.close() }
        do {
            return try await content.digest(by: digest.algorithm, count: blob.size, progress: progress) == digest ? nil : .otherBytes
        } catch BlobStoreError.failed(let reason) {
            return .unreadable(reason)
        }
    }

    /// Guarded by the object's name: a push may have healed the blob meanwhile.
    private func quarantine(_ blob: CheckedBlob, _ state: BlobState, _ report: inout CheckReport) async throws {
        guard let digest = blob.digest, let key = blob.key else { return }
        try await database.write { transaction in
            try transaction.execute(
                "UPDATE blobs SET state = \(state.rawValue) WHERE id = \(blob.rowID) AND object_key = \(key.description) AND state = 0")
        }
        report.quarantined.append(digest)
    }
}

/// A row of `blobs`; what cannot be read of it is nil.
private struct CheckedBlob: Sendable {
    let rowID: Int64
    let digest: Digest?
    let size: Int64
    let key: ObjectKey?
    let state: BlobState?
}

/// What can be wrong with a blob.
private enum BlobFault {
    case unreadableRow
    case quarantined
    case missing
    case otherSize(Int64)
    case otherBytes
    /// The device said so.
    case unreadable(String)

    /// What the blob's row is to say.
    var state: BlobState { if case .missing = self { .missing } else { .corrupt } }

    func sentence(on blob: CheckedBlob) -> String {
        guard let digest = blob.digest, let key = blob.key else { return "blob \(blob.rowID) has an invalid digest or key" }
        let predicate =
            switch self {
            case .unreadableRow: "has an invalid digest or key"
            case .quarantined: "is in quarantine; push it again"
            case .missing: "is missing"
            case .otherSize(let actual): "has \(actual) bytes instead of \(blob.size)"
            case .otherBytes: "has other bytes than its digest says"
            case .unreadable(let reason): "cannot be read: \(reason)"
            }
        return "blob \(digest) \(predicate) (object \(key))"
    }
}

extension OpenBlob {
    /// The digest of the first `count` bytes, read in pieces of one MiB; of what there is when there are fewer. `progress` gets the
    /// number of bytes after each piece.
    func digest(by algorithm: Digest.Algorithm, count: Int64, progress: (Int64) -> Void = { _ in }) async throws -> Digest {
        var (short, long) = (SHA256Stream(), SHA512Stream())
        var offset: Int64 = 0
        while offset < count {
            let bytes = try await read(at: offset, count: Int(min(1 << 20, count - offset)))
            if bytes.readableBytes == 0 { break }
            bytes.withUnsafeReadableBytes { bytes in
                switch algorithm {
                case .sha256: short.update(bytes)
                case .sha512: long.update(bytes)
                }
            }
            offset += Int64(bytes.readableBytes)
            progress(offset)
        }
        return algorithm == .sha256 ? short.digest() : long.digest()
    }
}
