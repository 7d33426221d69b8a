import OCI
import SealedObjects
import Stores
import Synchronization

/// An upload's row; what cannot be read of it is nil.
private struct CheckedUpload: Sendable {
    let id: String
    let key: ObjectKey?
    let offset: Int64
    let hash: SHA256Stream?
    let isDone: Bool
    let wrap: [UInt8]?
    let progress: [UInt8]?
    /// Nil of one that is deleted.
    let repository: Repository?

    init(_ row: any Row, _ transaction: any ReadTransaction) throws {
        id = row.text(0)
        key = ObjectKey(row.text(1))
        offset = row.integer(2)
        hash = SHA256Stream(saved: row.bytes(3))
        isDone = row.integer(4) == 1
        wrap = row.optionalBytes(5)
        progress = row.optionalBytes(6)
        repository = try transaction.repository(rowID: row.integer(7))?.under(key: row.integer(8))
    }

    /// What it takes to read it; nil of one whose repository is deleted.
    var record: UploadRecord? {
        guard let key, let repository else { return nil }
        return UploadRecord(
            id: id, repository: repository, objectKey: key, offset: offset, epoch: 0, hash: hash ?? SHA256Stream(), parts: .regular, result: nil,
            wrap: wrap, progress: progress)
    }
}

extension RegistryServices {
    /// I6: every upload holds the bytes that its offset promises, and its hash state is of exactly as many; of these bytes, where they are read.
    func checkUploads(_ report: inout CheckReport, _ options: CheckOptions, _ progress: (CheckProgress) -> Void) async throws {
        let total = try await count("SELECT COUNT(*) FROM uploads")
        var last = ""
        while true {
            let start = last
            let page = try await database.read { transaction in
                try transaction.rows(
                    "SELECT id, object_key, off, sha_state, state, wrap, progress, repo_id, key_number FROM uploads WHERE id > \(start) ORDER BY id LIMIT 500"
                ) { row in try CheckedUpload(row, transaction) }
            }
            guard let end = page.last?.id else { return }
            last = end
            for row in page {
                report.uploads += 1
                guard !row.isDone, row.offset > 0, let (hash, seal) = try await state(of: row) else { continue }
                guard let hash, hash.byteCount == row.offset, let key = row.key else {
                    report.damage.append(Damage(invariant: "I6", finding: "upload \(row.id) has a hash state of another offset than \(row.offset)"))
                    continue
                }
                let stored = seal.map { $0.hasChunks ? $0.fileBytes : 0 } ?? row.offset
                do {
                    if try await !holds(stored, key) {
                        report.damage.append(Damage(invariant: "I6", finding: "upload \(row.id) has fewer than \(row.offset) bytes"))
                    } else if options.reading?.contains(Int64(report.uploads)) == true, try await !hasBytes(row, of: hash, seal) {
                        report.damage.append(Damage(invariant: "I6", finding: "upload \(row.id) has other bytes than its hash state is of"))
                    }
                } catch BlobStoreError.failed(let reason) {
                    report.damage.append(Damage(invariant: "I6", finding: "upload \(row.id) cannot be read: \(reason)"))
                }
            }
            progress(CheckProgress(subject: .uploads, done: Int64(report.uploads), total: total))
        }
    }

    /// The hash state of an upload, nil when it cannot be read, and what it is sealed with, nil where it is plain; nil when its key cannot be used now, or
    /// never again.
    private func state(of upload: CheckedUpload) async throws -> (SHA256Stream?, UploadSeal?)? {
        guard upload.wrap != nil else { return (upload.hash, nil) }
        guard var record = upload.record else { return upload.key == nil ? (nil, nil) : nil }
        do {
            guard let seal = try await unlock(&record) else { return nil }
            return (record.hash, seal)
        } catch BlobStoreError.failed {
            return (nil, nil)
        } catch is KeyFailure {
            return nil
        }
    }

    /// Whether the bytes of an upload are those of its hash state; true of one whose file a completion has renamed meanwhile.
    private func hasBytes(_ upload: CheckedUpload, of hash: SHA256Stream, _ seal: UploadSeal?) async throws -> Bool {
        guard let record = upload.record else { return true }
        do {
            let content = try await content(of: record, seal)
            defer { content.close() }
            return try await content.digest(by: .sha256, count: upload.offset) == hash.digest()
        } catch BlobStoreError.missing {
            return true
        } catch is ObjectDamage {
            return false
        }
    }

    private func holds(_ offset: Int64, _ key: ObjectKey) async throws -> Bool {
        do {
            let content = try await blobs.openUpload(key)
            defer { content.close() }
            return content.size >= offset
        } catch BlobStoreError.missing {
            // A completion that was cut off between the store and the database: the bytes are under the final name, with those that came last.
            return try await blobs.size(of: key).map { $0 >= offset } ?? false
        }
    }

    /// I3: objects in the store that no row names.
    func findOrphans(_ report: inout CheckReport, _ progress: @Sendable (CheckProgress) -> Void) async throws {
        let expected = Int64(report.blobs + report.uploads)
        let found = Mutex<(seen: Int64, orphans: [ObjectKey])>((0, []))
        let visit: @Sendable (ObjectKey, Int64) async throws -> Void = { key, _ in
            let isNamed = try await database.read { transaction in
                try transaction.first(
                    """
                    SELECT 1 FROM blobs WHERE object_key = \(key.description)
                    UNION ALL SELECT 1 FROM uploads WHERE object_key = \(key.description)
                    UNION ALL SELECT 1 FROM tombstones WHERE object_key = \(key.description) LIMIT 1
                    """
                ) { $0.integer(0) } != nil
            }
            let seen = found.withLock { found in
                found.seen += 1
                if !isNamed { found.orphans.append(key) }
                return found.seen
            }
            if seen % 500 == 0 { progress(CheckProgress(subject: .objects, done: seen, total: max(seen, expected))) }
        }
        try await blobs.list(visit)
        try await archive?.list(visit)
        report.orphans = found.withLock { $0.orphans }
        let seen = found.withLock { $0.seen }
        progress(CheckProgress(subject: .objects, done: seen, total: seen))
    }
}
