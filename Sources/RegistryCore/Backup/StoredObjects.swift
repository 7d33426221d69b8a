import OCI
import Stores

/// An object that the database names, as a backup copies it.
package struct StoredObject: Hashable, Sendable {
    /// Names are never used again, so an object of the same name is the same.
    package let key: ObjectKey
    /// Of the object, in bytes.
    package let size: Int64
    /// Whether it lies in the archive.
    package let isArchived: Bool
}

/// Reads a copy of the database, as `berth backup` makes it.
extension Database {
    /// Up to `limit` of the sound objects whose names come after `last`, in order of their names.
    package func storedObjects(after last: String, limit: Int) async throws -> [StoredObject] {
        try await read { transaction in
            try transaction.rows(
                """
                SELECT object_key, COALESCE(sealed_bytes, size), archived_bytes FROM blobs
                WHERE object_key > \(last) AND state IN (\(BlobState.sound.rawValue), \(BlobState.archived.rawValue)) 
                ORDER BY object_key LIMIT \(limit)
                """
            ) { row -> StoredObject? in
                guard let key = ObjectKey(row.text(0)) else { return nil }
                let archived = row.optionalInteger(2)
                return StoredObject(key: key, size: archived ?? row.integer(1), isArchived: archived != nil)
            }.compactMap(\.self)
        }
    }

    /// How many objects there are to be copied, and their bytes.
    package func storedTotals() async throws -> (count: Int64, bytes: Int64) {
        let totals = try await read { transaction in
            try transaction.first(
                """
                SELECT COUNT(*), COALESCE(SUM(COALESCE(archived_bytes, sealed_bytes, size)), 0) FROM blobs
                WHERE state IN (\(BlobState.sound.rawValue), \(BlobState.archived.rawValue))
                """
            ) { ($0.integer(0), $0.integer(1)) }
        }
        return totals.map { (count: $0.0, bytes: $0.1) } ?? (0, 0)
    }

    /// Whether `key` names a sound object.
    package func names(_ key: ObjectKey) async throws -> Bool {
        try await read { transaction in
            try transaction.first(
                """
                SELECT 1 FROM blobs
                WHERE object_key = \(key.description) AND state IN (\(BlobState.sound.rawValue), \(BlobState.archived.rawValue))
                """
            ) { $0.integer(0) } != nil
        }
    }

    /// Forgets what a backup has no bytes of: uploads under way, objects that were to be deleted, and who held them.
    package func forgetUnfinished() async throws {
        try await write { transaction in
            try transaction.execute("DELETE FROM uploads")
            try transaction.execute("DELETE FROM tombstones")
            try transaction.execute("DELETE FROM holds")
        }
    }
}
