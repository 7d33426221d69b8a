import OCI
import Stores
import Synchronization

extension RegistryServices {
    /// I2: every blob's object is there, as long as its row says and, when it is read, with its digest.
    func checkBlobs(_ report: inout CheckReport, readingData: Bool, _ progress: (String, Int) -> Void) async throws {
        var last: Int64 = 0
        while true {
            let start = last
            let page = try await database.read { transaction in
                try transaction.rows("SELECT id, digest, size, object_key FROM blobs WHERE id > \(start) ORDER BY id LIMIT 500") { row in
                    (id: row.integer(0), digest: Digest(bytes: row.bytes(1)), size: row.integer(2), key: ObjectKey(row.text(3)))
                }
            }
            guard let end = page.last?.id else { return }
            last = end
            report.blobs += page.count
            for row in page {
                guard let digest = row.digest, let key = row.key else {
                    report.damage.append(Damage(invariant: "I2", finding: "blob \(row.id) has an invalid digest or key"))
                    continue
                }
                if let finding = try await fault(in: key, digest: digest, size: row.size, readingData: readingData, &report.bytesRead) {
                    report.damage.append(Damage(invariant: "I2", finding: "blob \(digest) \(finding) (object \(key))"))
                }
            }
            progress("blobs", report.blobs)
        }
    }

    private func fault(in key: ObjectKey, digest: Digest, size: Int64, readingData: Bool, _ bytesRead: inout Int64) async throws -> String? {
        guard let actual = try await blobs.size(of: key) else { return "is missing" }
        guard actual == size else { return "has \(actual) bytes instead of \(size)" }
        guard readingData else { return nil }
        let content = try await blobs.open(key)
        defer { content.close() }
        bytesRead += size
        return try await content.digest(by: digest.algorithm, count: size) == digest ? nil : "has other bytes than its digest says"
    }

    /// I6: every upload holds the bytes that its offset promises, and its hash state is of exactly as many.
    func checkUploads(_ report: inout CheckReport, _ progress: (String, Int) -> Void) async throws {
        var last = ""
        while true {
            let start = last
            let page = try await database.read { transaction in
                try transaction.rows("SELECT id, object_key, off, sha_state, state FROM uploads WHERE id > \(start) ORDER BY id LIMIT 500") { row in
                    (
                        id: row.text(0), key: ObjectKey(row.text(1)), offset: row.integer(2), hash: SHA256Stream(saved: row.bytes(3)),
                        isDone: row.integer(4) == 1
                    )
                }
            }
            guard let end = page.last?.id else { return }
            last = end
            report.uploads += page.count
            for row in page where !row.isDone && row.offset > 0 {
                guard row.hash?.byteCount == row.offset, let key = row.key else {
                    report.damage.append(Damage(invariant: "I6", finding: "upload \(row.id) has a hash state of another offset than \(row.offset)"))
                    continue
                }
                if try await !holds(row.offset, key) {
                    report.damage.append(Damage(invariant: "I6", finding: "upload \(row.id) has fewer than \(row.offset) bytes"))
                }
            }
            progress("uploads", report.uploads)
        }
    }

    private func holds(_ offset: Int64, _ key: ObjectKey) async throws -> Bool {
        do {
            let content = try await blobs.openUpload(key)
            defer { content.close() }
            return content.size >= offset
        } catch BlobStoreError.missing {
            // A completion that was cut off between the store and the database: the bytes are under the final name.
            return try await blobs.size(of: key) == offset
        }
    }

    /// I3: objects in the store that no row names.
    func findOrphans(_ report: inout CheckReport, _ progress: (String, Int) -> Void) async throws {
        let orphans = Mutex<[ObjectKey]>([])
        try await blobs.list { key, _ in
            let isNamed = try await database.read { transaction in
                try transaction.first(
                    """
                    SELECT 1 FROM blobs WHERE object_key = \(key.description)
                    UNION ALL SELECT 1 FROM uploads WHERE object_key = \(key.description)
                    UNION ALL SELECT 1 FROM tombstones WHERE object_key = \(key.description) LIMIT 1
                    """
                ) { $0.integer(0) } != nil
            }
            if !isNamed { orphans.withLock { $0.append(key) } }
        }
        report.orphans = orphans.withLock { $0 }
        progress("objects", report.orphans.count)
    }
}

extension OpenBlob {
    /// The digest of the first `count` bytes, read in pieces of one MiB; of what there is when there are fewer.
    func digest(by algorithm: Digest.Algorithm, count: Int64) async throws -> Digest {
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
        }
        return algorithm == .sha256 ? short.digest() : long.digest()
    }
}
