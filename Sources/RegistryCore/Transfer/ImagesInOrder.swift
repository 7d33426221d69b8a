import OCI
import Stores

/// An image as whoever copies a whole repository sees it.
package struct StoredImageEntry: Hashable, Sendable {
    package let digest: Digest
    package let mediaType: MediaType
    /// The length of the manifest, in bytes.
    package let size: Int64
    /// By name; empty when untagged.
    package let tags: [ImageTag]
    package let status: ImageStatus
    /// Whether an index of the repository lists it.
    package let isMember: Bool
}

/// Where such a list goes on.
package struct PushOrderCursor: Codable, Hashable, Sendable {
    let pushedAt: Int64
    let rowID: Int64
}

extension Registry {
    /// Images of any status that were pushed after `cursor`, the oldest first: an image comes before the indexes that list it, unless it was pushed
    /// anew. About `limit` of them, where a tag counts like an image. Throws `repositoryNotFound`.
    package func imagesInOrder(
        of name: RepositoryName, after cursor: PushOrderCursor?, limit: Int
    ) async throws -> Page<StoredImageEntry, PushOrderCursor> {
        let id = id
        return try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            let (time, row) = (cursor?.pushedAt ?? -1, cursor?.rowID ?? -1)
            let found = try transaction.rows(
                """
                SELECT \(sql: ImageRecord.columns) FROM manifests WHERE repo_id = \(repository.rowID) AND (pushed_at, id) > (\(time), \(row))
                ORDER BY pushed_at, id LIMIT \(limit + 1)
                """, ImageRecord.init)
            var (entries, room) = ([StoredImageEntry](), limit)
            for image in found where room > 0 {
                let entry = StoredImageEntry(
                    digest: image.digest, mediaType: image.mediaType, size: image.payloadBytes, tags: try transaction.tags(of: image, in: repository),
                    status: image.status, isMember: try !transaction.parents(of: image, in: repository).isEmpty)
                entries.append(entry)
                room -= 1 + entry.tags.count
            }
            guard entries.count < found.count else { return Page(elements: entries, next: nil) }
            let last = found[entries.count - 1]
            return Page(elements: entries, next: PushOrderCursor(pushedAt: last.pushedAt.milliseconds, rowID: last.rowID))
        }
    }
}
