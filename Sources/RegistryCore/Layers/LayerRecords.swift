import OCI
import Stores

/// A blob that a repository holds, as the database has it.
struct LayerRecord: Sendable {
    let blobID: Int64
    let layer: Layer
    let objectKey: ObjectKey
    let leaseUntil: Timestamp
    /// Under the key that the blob's data keys are sealed under.
    let repository: Repository
    /// The size of the object; nil where it is not encrypted.
    let sealedBytes: Int64?
    let generation: Int64
    /// The data keys of an encrypted one.
    let wrap: [UInt8]?
}

/// What `blobs.state` says of an object.
enum BlobState: Int64 {
    /// There, whole and right, as far as is known.
    case sound = 0
    /// Found to differ from its digest.
    case corrupt = 1
    /// Found to be gone.
    case missing = 2
    /// In the archive, not in the store of blobs that can be pulled.
    case archived = 3
}

extension ReadTransaction {
    /// The blob `digest` if the repository holds it and it is in `state`. As long as it is held under the former key, that is the one: so all manifests
    /// of a repository name the same row.
    func layer(_ digest: Digest, in repository: Repository, state: BlobState = .sound) throws -> LayerRecord? {
        if let former = repository.former, let found = try layer(digest, under: former, state: state) { return found }
        return try layer(digest, under: repository, state: state)
    }

    private func layer(_ digest: Digest, under repository: Repository, state: BlobState) throws -> LayerRecord? {
        try first(
            """
            SELECT b.id, b.size, b.object_key, l.lease_until, b.sealed_bytes, b.generation, l.wrap FROM blobs b
            JOIN repo_blobs l ON l.repo_id = \(repository.rowID) AND l.blob_id = b.id
            WHERE b.domain = \(repository.domain) AND b.digest = \(digest.bytes) AND b.state = \(state.rawValue)
                AND l.key_number = \(repository.keyNumber)
            """
        ) { row in
            guard let key = ObjectKey(row.text(2)) else { throw DatabaseError.other("blobs row \(row.integer(0)) holds an invalid object key") }
            return LayerRecord(
                blobID: row.integer(0), layer: Layer(digest: digest, size: row.integer(1)), objectKey: key, leaseUntil: row.timestamp(3),
                repository: repository, sealedBytes: row.optionalInteger(4), generation: row.integer(5), wrap: row.optionalBytes(6))
        }
    }

    /// True when the repository holds the blob, and its bytes are in the archive.
    func isArchived(_ digest: Digest, in repository: Repository) throws -> Bool {
        try layer(digest, in: repository, state: .archived) != nil
    }

    /// True when a manifest of the repository names the blob.
    func isReferenced(_ blobID: Int64, in repository: Repository) throws -> Bool {
        try first("SELECT manifest_id FROM manifest_blobs WHERE repo_id = \(repository.rowID) AND blob_id = \(blobID) LIMIT 1") { $0.integer(0) }
            != nil
    }
}

extension WriteTransaction {
    /// Makes a blob visible in a repository, with its data keys under the repository's where it is encrypted, or renews its lease there; true when it was
    /// not visible before.
    func link(_ blobID: Int64, to repository: Repository, wrap: [UInt8]?, until lease: Timestamp) throws -> Bool {
        let inserted = try execute(
            """
            INSERT INTO repo_blobs (repo_id, blob_id, lease_until, wrap, key_number)
            VALUES (\(repository.rowID), \(blobID), \(lease), \(optional: wrap), \(repository.keyNumber))
            ON CONFLICT (repo_id, blob_id) DO NOTHING
            """)
        if inserted == 0 {
            try execute(
                """
                UPDATE repo_blobs SET wrap = \(optional: wrap), key_number = \(repository.keyNumber)
                WHERE repo_id = \(repository.rowID) AND blob_id = \(blobID)
                """)
            _ = try extendLease(of: blobID, in: repository, until: lease)
        }
        try queueForReclaiming(blobID, repositoryID: repository.rowID, at: lease)
        return inserted == 1
    }

    /// Renews the lease of a blob that no manifest may name yet; false when the repository no longer holds it.
    func extendLease(of blobID: Int64, in repository: Repository, until lease: Timestamp) throws -> Bool {
        try execute(
            "UPDATE repo_blobs SET lease_until = \(lease) WHERE repo_id = \(repository.rowID) AND blob_id = \(blobID) AND lease_until < \(lease)")
            == 1
            || first("SELECT 1 FROM repo_blobs WHERE repo_id = \(repository.rowID) AND blob_id = \(blobID)") { $0.integer(0) } != nil
    }

    /// Lets the collector look at a blob of a repository at `due`; it finds out by itself whether the blob may go by then.
    func queueForReclaiming(_ blobID: Int64, repositoryID: Int64, at due: Timestamp) throws {
        try execute(
            """
            INSERT INTO gc_queue (repo_id, blob_id, due_at) VALUES (\(repositoryID), \(blobID), \(due))
            ON CONFLICT (repo_id, blob_id) DO UPDATE SET due_at = excluded.due_at, lease_until = 0
            """)
    }

    /// Hands an object that no row names any more to the reaper, which deletes it at `due` or later; of one that is buried already, the earlier time counts.
    func bury(_ key: ObjectKey, at due: Timestamp) throws {
        try execute(
            """
            INSERT INTO tombstones (object_key, delete_after) VALUES (\(key.description), \(due))
            ON CONFLICT (object_key) DO UPDATE SET delete_after = excluded.delete_after WHERE excluded.delete_after < tombstones.delete_after
            """)
    }
}
