import OCI
import Stores

/// A manifest as the database has it, without its bytes.
struct ImageRecord: Sendable {
    static let columns: SQL = """
        id, digest, media_type, artifact_type, config_type, subject, payload_bytes, total_bytes, pushed_at, tag_count, status, archived_at, activated_at
        """

    let rowID: Int64
    let digest: Digest
    let mediaType: MediaType
    /// As the referrers API reports it: the manifest's artifactType, else its config's media type.
    let artifactType: String?
    let configType: String?
    let subject: Digest?
    /// The length of the manifest itself, in bytes.
    let payloadBytes: Int64
    /// Config and layers; of an index, the largest member's.
    let totalBytes: Int64
    let pushedAt: Timestamp
    let tagCount: Int64
    let status: ImageStatus
    let archivedAt: Timestamp?
    let activatedAt: Timestamp?

    init(_ row: any Row) throws {
        guard let digest = Digest(bytes: row.bytes(1)), let status = ImageStatus(rawValue: row.integer(10)) else {
            throw DatabaseError.other("manifests row \(row.integer(0)) holds an invalid digest or status")
        }
        rowID = row.integer(0)
        self.digest = digest
        mediaType = MediaType(row.text(2))
        artifactType = row.optionalText(3)
        configType = row.optionalText(4)
        subject = row.optionalBytes(5).flatMap(Digest.init(bytes:))
        payloadBytes = row.integer(6)
        totalBytes = row.integer(7)
        pushedAt = row.timestamp(8)
        tagCount = row.integer(9)
        self.status = status
        archivedAt = row.optionalTimestamp(11)
        activatedAt = row.optionalTimestamp(12)
    }

    var artifactMediaType: String? { Self.artifactMediaType(config: configType, artifactType) }

    /// The config's media type, or the artifact type where the config is empty or absent.
    fileprivate static func artifactMediaType(config: String?, _ artifactType: String?) -> String? {
        config.flatMap { $0 == MediaType.ociEmpty.description ? nil : $0 } ?? artifactType
    }

    var cursor: ImageCursor { ImageCursor(pushedAt: pushedAt, rowID: rowID, tag: nil) }
}

extension Manifest {
    var configType: String? {
        guard case .image(let config?, _) = content else { return nil }
        return config.mediaType.description
    }

    /// As the image's record will have it.
    var artifactMediaType: String? { ImageRecord.artifactMediaType(config: configType, effectiveArtifactType) }
}

extension ReadTransaction {
    /// The image of a digest, a tag, or both when they agree; nil when there is none.
    func image(_ identifier: ImageIdentifier, in repository: Repository) throws -> ImageRecord? {
        switch (identifier.digest, identifier.tag) {
        case (let digest?, nil): try image(digest, in: repository)
        case (nil, let tag?): try image(tag, in: repository)
        case (let digest?, let tag?): try image(tag, in: repository).flatMap { $0.digest == digest ? $0 : nil }
        case (nil, nil): nil
        }
    }

    private func image(_ digest: Digest, in repository: Repository) throws -> ImageRecord? {
        try first(
            "SELECT \(sql: ImageRecord.columns) FROM manifests WHERE repo_id = \(repository.rowID) AND digest = \(digest.bytes)", ImageRecord.init)
    }

    private func image(_ tag: ImageTag, in repository: Repository) throws -> ImageRecord? {
        try first(
            """
            SELECT \(sql: ImageRecord.columns) FROM manifests WHERE repo_id = \(repository.rowID)
                AND id = (SELECT manifest_id FROM tags WHERE repo_id = \(repository.rowID) AND name = \(tag.description))
            """, ImageRecord.init)
    }

    /// The image of a row; nil when it is gone.
    func image(rowID: Int64, in repository: Repository) throws -> ImageRecord? {
        try first("SELECT \(sql: ImageRecord.columns) FROM manifests WHERE repo_id = \(repository.rowID) AND id = \(rowID)", ImageRecord.init)
    }

    /// The bytes of a manifest.
    func payload(of image: ImageRecord) throws -> StoredPayload {
        let payload = try first("SELECT payload, sealed FROM manifest_bytes WHERE manifest_id = \(image.rowID)") { row in
            StoredPayload(bytes: row.bytes(0), keyNumber: row.integer(1))
        }
        guard let payload else {
            throw DatabaseError.other("manifest \(image.digest) has no bytes")
        }
        return payload
    }

    /// The tags of an image, by name.
    func tags(of image: ImageRecord, in repository: Repository) throws -> [ImageTag] {
        guard image.tagCount > 0 else { return [] }
        return try rows("SELECT name FROM tags WHERE repo_id = \(repository.rowID) AND manifest_id = \(image.rowID) ORDER BY name") { row in
            guard let tag = ImageTag(row.text(0)) else { throw DatabaseError.other("tags row \(row.text(0)) is not a tag") }
            return tag
        }
    }

    /// The tags of each of `images` by row id, by name, in one look-up however many they are; those without tags are absent.
    func tags(ofAll images: [ImageRecord], in repository: Repository) throws -> [Int64: [ImageTag]] {
        let tagged = images.filter { $0.tagCount > 0 }.map(\.rowID)
        guard !tagged.isEmpty else { return [:] }
        let found = try rows("SELECT manifest_id, name FROM tags WHERE repo_id = \(repository.rowID) AND manifest_id IN \(list: tagged)") { row in
            guard let tag = ImageTag(row.text(1)) else { throw DatabaseError.other("tags row \(row.text(1)) is not a tag") }
            return (row.integer(0), tag)
        }
        return Dictionary(grouping: found, by: \.0).mapValues { $0.map(\.1).sorted() }
    }

    /// The indexes of the repository that list an image, oldest first.
    func parents(of image: ImageRecord, in repository: Repository) throws -> [Digest] {
        try rows(
            """
            SELECT m.digest FROM manifest_children c JOIN manifests m ON m.id = c.parent_id
            WHERE c.repo_id = \(repository.rowID) AND c.child_id = \(image.rowID) ORDER BY c.parent_id LIMIT 100
            """
        ) { row in Digest(bytes: row.bytes(0)) }.compactMap { $0 }
    }

    /// Up to `limit` images of a tag status, and of a status where one is given, that come after `cursor`, newest first; with a tag in the cursor, its own image too.
    func images(in repository: Repository, _ status: TagStatus, _ imageStatus: ImageStatus?, after cursor: ImageCursor?, limit: Int) throws
        -> [ImageRecord]
    {
        let condition = imageStatus.map(\.condition) ?? ""
        let filter: SQL =
            switch status {
            case .tagged: "AND tag_count > 0"
            case .untagged: "AND tag_count = 0"
            case .any: ""
            }
        let position: SQL =
            switch cursor {
            case nil: ""
            case let cursor? where cursor.tag == nil: "AND (pushed_at, id) < (\(cursor.pushedAt), \(cursor.rowID))"
            case let cursor?: "AND (pushed_at, id) <= (\(cursor.pushedAt), \(cursor.rowID))"
            }
        return try rows(
            """
            SELECT \(sql: ImageRecord.columns) FROM manifests WHERE repo_id = \(repository.rowID) \(sql: filter) \(sql: condition) \(sql: position)
            ORDER BY pushed_at DESC, id DESC LIMIT \(limit)
            """, ImageRecord.init)
    }
}
