import OCI
import Stores

/// An upload session as the database has it.
struct UploadRecord: Sendable {
    /// What ECR's rule on small parts needs to know of the parts so far.
    enum Parts: Int64 {
        /// None was too small.
        case regular = 0
        /// The latest was below the minimum: fine if it is the last.
        case endsShort = 1
        /// One below the minimum was followed by another: the upload cannot be completed by the layer API.
        case brokenByShort = 2
    }

    let id: String
    /// Under the key that the upload's are sealed under.
    var repository: Repository
    /// The name of the bytes, in the upload area until completion and of the object after it.
    var objectKey: ObjectKey
    var offset: Int64
    var epoch: Int64
    /// Of an encrypted upload only once it was opened.
    var hash: SHA256Stream
    var parts: Parts
    /// The blob that the upload has become; nil while it goes on.
    let result: Digest?
    /// The data keys of an encrypted upload.
    var wrap: [UInt8]?
    /// What an encrypted upload needs to go on.
    var progress: [UInt8]?
}

extension ReadTransaction {
    /// The session `id` of the repository, unless it has expired. Throws `repositoryNotFound`, `uploadNotFound`.
    func upload(_ id: String, in name: RepositoryName, of registry: RegistryID) throws -> UploadRecord {
        let repository = try repository(name, in: registry)
        let record = try first(
            """
            SELECT object_key, off, epoch, sha_state, short_part, result_digest, wrap, progress, key_number FROM uploads
            WHERE id = \(id) AND repo_id = \(repository.rowID) AND expires_at > \(now)
            """
        ) { row -> UploadRecord? in
            guard let key = ObjectKey(row.text(0)), let hash = SHA256Stream(saved: row.bytes(3)),
                let parts = UploadRecord.Parts(rawValue: row.integer(4))
            else { throw DatabaseError.other("uploads row \(id) holds an invalid key, hash state or part state") }
            // Under a key that is not there any more it cannot go on; what it has become needs no key.
            guard let under = repository.under(key: row.integer(8)) ?? (row.optionalBytes(5).map { _ in repository }) else { return nil }
            return UploadRecord(
                id: id, repository: under, objectKey: key, offset: row.integer(1), epoch: row.integer(2), hash: hash, parts: parts,
                result: row.optionalBytes(5).flatMap(Digest.init(bytes:)), wrap: row.optionalBytes(6), progress: row.optionalBytes(7))
        }
        guard let record = record.flatMap({ $0 }) else { throw RegistryError.uploadNotFound(id, name, registry: registry) }
        return record
    }
}

extension WriteTransaction {
    /// Adds an empty session, whose bytes are encrypted when there are keys, sealed under the repository's.
    func insertUpload(_ id: String, key: ObjectKey, wrap: [UInt8]?, in repository: Repository, expires: Timestamp) throws {
        try execute(
            """
            INSERT INTO uploads (id, repo_id, object_key, sha_state, expires_at, wrap, key_number)
            VALUES (\(id), \(repository.rowID), \(key.description), \(SHA256Stream().saved), \(expires), \(optional: wrap), \(repository.keyNumber))
            """)
    }

    /// Records that the bytes of `record` up to its offset are durable; false when another writer was there since `previous`.
    func advance(_ record: UploadRecord, from previous: UploadRecord, expires: Timestamp) throws -> Bool {
        // Up to 63 bytes of the content are in a hash state: of an encrypted upload it is in the progress.
        let hash = record.wrap == nil ? record.hash : SHA256Stream()
        return try execute(
            """
            UPDATE uploads SET off = \(record.offset), epoch = \(previous.epoch + 1), sha_state = \(hash.saved), progress = \(optional: record.progress),
                short_part = \(record.parts.rawValue), expires_at = \(expires)
            WHERE id = \(record.id) AND off = \(previous.offset) AND epoch = \(previous.epoch) AND state = 0
            """) == 1
    }

    /// Marks a session as having become `digest`, kept until `expires` to answer a repeated completion.
    func finishUpload(_ id: String, as digest: Digest, expires: Timestamp) throws {
        try execute("UPDATE uploads SET state = 1, result_digest = \(digest.bytes), expires_at = \(expires) WHERE id = \(id)")
    }
}
