import OCI
import Stores

extension RegistryServices {
    /// Deletes up to `limit` buried objects whose time has come, those of one folder together, which costs the store one synchronization for each folder;
    /// repeating a deletion does no harm. `rest` is called now and then. Returns how many there were.
    package func reapObjects(limit: Int, rest: () async -> Void = {}) async throws -> Int {
        let keys: [ObjectKey] = try await database.writeAside { transaction in
            let now = transaction.now
            guard try !transaction.isHeld() else { return [] }
            return try transaction.rows(
                """
                UPDATE tombstones SET lease_until = \(now + .seconds(30)), attempts = attempts + 1
                WHERE object_key IN (
                    SELECT object_key FROM tombstones WHERE delete_after <= \(now) AND lease_until < \(now)
                    ORDER BY delete_after, object_key LIMIT \(limit)
                ) AND lease_until < \(now)
                RETURNING object_key
                """
            ) { $0.text(0) }.sorted().compactMap { ObjectKey($0) }
        }
        var failure: (any Error)?
        for start in stride(from: 0, to: keys.count, by: Self.reapedTogether) {
            if start > 0 { await rest() }
            let gone = try await remove(Array(keys[start..<min(start + Self.reapedTogether, keys.count)]), &failure)
            guard !gone.isEmpty else { continue }
            for key in gone {
                recent.forget(key)
                frequent.forget(key)
            }
            let names = gone.map(\.description)
            _ = try await database.writeAside { try $0.execute("DELETE FROM tombstones WHERE object_key IN \(list: names)") }
        }
        if let failure { throw failure }
        return keys.count
    }

    /// How many objects share a commit, and the synchronization of their folders.
    private static let reapedTogether = 30

    /// Removes objects from both stores, one by one when that fails for all; those that are gone.
    private func remove(_ keys: [ObjectKey], _ failure: inout (any Error)?) async throws -> [ObjectKey] {
        // A name may stand for an upload or for an object, depending on how far its making came.
        do {
            try await blobs.remove(keys)
            try await archive?.remove(keys)
            return keys
        } catch let error as BlobStoreError {
            guard keys.count > 1 else {
                failure = error
                return []
            }
        }
        var gone: [ObjectKey] = []
        for key in keys { gone += try await remove([key], &failure) }
        return gone
    }

    /// Ends up to `limit` upload sessions that have expired; the bytes of unfinished ones go to the reaper. Returns how many there were.
    package func expireUploads(limit: Int) async throws -> Int {
        try await database.writeFreeing { transaction in
            try transaction.endUploads(where: "expires_at <= \(transaction.now) ORDER BY expires_at, id LIMIT \(limit)")
        }
    }
}

extension WriteTransaction {
    /// Ends the upload sessions that `condition` selects; the bytes of unfinished ones go to the reaper. Returns how many there were.
    func endUploads(where condition: SQL) throws -> Int {
        let uploads = try rows("SELECT id, object_key, state FROM uploads WHERE \(sql: condition)") { row in
            (id: row.text(0), key: ObjectKey(row.text(1)), isDone: row.integer(2) == 1)
        }
        for upload in uploads {
            try execute("DELETE FROM uploads WHERE id = \(upload.id)")
            if !upload.isDone, let key = upload.key { try bury(key, at: now) }
        }
        return uploads.count
    }
}
