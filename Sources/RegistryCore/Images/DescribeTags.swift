import OCI
import Stores

/// A tag with the image that it names.
package struct TagDetail: Hashable, Sendable {
    package let tag: ImageTag
    /// When it began to name this image.
    package let setAt: Timestamp
    package let image: ImageDetail
}

extension Registry {
    /// Tags after `tag` in byte order, each with its image. Throws `repositoryNotFound`.
    package func describeTags(in name: RepositoryName, after tag: ImageTag?, limit: Int) async throws -> Page<TagDetail, ImageTag> {
        let id = id
        let found = try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            let tags = try transaction.rows(
                """
                SELECT name, updated_at FROM tags
                WHERE repo_id = \(repository.rowID) AND name > \(tag?.description ?? "") ORDER BY name LIMIT \(limit + 1)
                """
            ) { row in (tag: ImageTag(row.text(0)), setAt: row.timestamp(1)) }
            return try tags.compactMap { tag, setAt -> TagDetail? in
                guard let tag, let image = try transaction.image(ImageIdentifier(tag: tag), in: repository) else { return nil }
                return TagDetail(tag: tag, setAt: setAt, image: try transaction.detail(of: image, in: repository))
            }
        }
        return Page(found, limit: limit) { $0.tag }
    }
}
