import OCI
import Stores

/// A manifest that names another as its subject, as the referrers API lists it.
package struct Referrer: Hashable, Sendable {
    package let digest: Digest
    package let mediaType: MediaType
    /// The length of the manifest, in bytes.
    package let size: Int64
    package let artifactType: String?
    package let annotations: [String: String]
    package let status: ImageStatus
    package let cursor: ImageCursor
}

extension Registry {
    /// The manifests whose subject is `subject`, oldest first; all artifact types, or those of `artifactTypes` when not empty; of `status`, or
    /// where it is nil of all. An unknown subject has none. Throws `repositoryNotFound`.
    package func referrers(
        of subject: Digest, in name: RepositoryName, artifactTypes: [String], status: ImageStatus? = .active, after cursor: ImageCursor?, limit: Int
    ) async throws -> Page<Referrer, ImageCursor> {
        let (id, decidedNames) = (id, decidedNames)
        let found = try await database.read { transaction in
            try transaction.require(decidedNames)
            let repository = try transaction.repository(name, in: id)
            let records = try transaction.referrers(
                of: subject, in: repository, artifactTypes: artifactTypes, status: status, after: cursor, limit: limit + 1)
            return try records.map { ClosedImage(record: $0, payload: try transaction.payload(of: $0), repository: repository) }
        }
        var referrers: [Referrer] = []
        for image in found {
            let record = image.record
            let payload = try await services.open(image.payload, of: record.digest, in: image.repository)
            referrers.append(
                Referrer(
                    digest: record.digest, mediaType: record.mediaType, size: record.payloadBytes, artifactType: record.artifactType,
                    annotations: try Manifest(payload: payload, contentType: record.mediaType).annotations, status: record.status,
                    cursor: record.cursor))
        }
        return Page(referrers, limit: limit) { $0.cursor }
    }
}

extension ReadTransaction {
    fileprivate func referrers(
        of subject: Digest, in repository: Repository, artifactTypes: [String], status: ImageStatus?, after cursor: ImageCursor?, limit: Int
    ) throws -> [ImageRecord] {
        let types: SQL = artifactTypes.isEmpty ? "" : "AND artifact_type IN \(list: artifactTypes)"
        let wanted: SQL = status.map { "AND status = \($0.rawValue)" } ?? ""
        let position: SQL = cursor.map { "AND (pushed_at, id) > (\($0.pushedAt), \($0.rowID))" } ?? ""
        return try rows(
            """
            SELECT \(sql: ImageRecord.columns) FROM manifests
            WHERE repo_id = \(repository.rowID) AND subject = \(subject.bytes) \(sql: types) \(sql: wanted) \(sql: position)
            ORDER BY pushed_at, id LIMIT \(limit)
            """, ImageRecord.init)
    }
}
