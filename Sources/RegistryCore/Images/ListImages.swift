import OCI
import Stores

/// Which images a list shows.
package enum TagStatus: String, Sendable {
    case tagged = "TAGGED"
    case untagged = "UNTAGGED"
    case any = "ANY"

    /// True of an image with so many tags.
    func includes(_ tagCount: Int64) -> Bool {
        switch self {
        case .tagged: tagCount > 0
        case .untagged: tagCount == 0
        case .any: true
        }
    }
}

/// Where a list of images goes on: after an image, and after a tag of it in lists of tags. Opaque outside.
package struct ImageCursor: Hashable, Sendable {
    package let pushedAt: Timestamp
    package let rowID: Int64
    package let tag: ImageTag?

    package init(pushedAt: Timestamp, rowID: Int64, tag: ImageTag?) {
        self.pushedAt = pushedAt
        self.rowID = rowID
        self.tag = tag
    }
}

extension Registry {
    /// One entry for each tag, and one without tag for each untagged image, newest image first; with
    /// `imageStatus` only of images of this status. Throws `repositoryNotFound`.
    package func listImages(
        in name: RepositoryName, _ status: TagStatus, _ imageStatus: ImageStatus? = nil, after cursor: ImageCursor?, limit: Int
    ) async throws -> Page<ImageIdentifier, ImageCursor> {
        let id = id
        let entries = try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            var entries: [(ImageIdentifier, ImageCursor)] = []
            // One image more than the page and its successor: the first may have no tags left.
            let images = try transaction.images(in: repository, status, imageStatus, after: cursor, limit: limit + 2)
            // A few at a time: an image may have a thousand tags, of which the page takes what fits.
            for start in stride(from: 0, to: images.count, by: 50) where entries.count <= limit {
                entries += try transaction.entries(of: images[start...].prefix(50), in: repository, after: cursor)
            }
            return Array(entries.prefix(limit + 1))
        }
        let page = Page(entries, limit: limit) { $0.1 }
        return Page(elements: page.elements.map(\.0), next: page.next)
    }

    /// Tags after `tag` in byte order. Throws `repositoryNotFound`.
    package func listTags(in name: RepositoryName, after tag: String?, limit: Int) async throws -> Page<ImageTag, ImageTag> {
        let id = id
        let found = try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            return try transaction.rows(
                "SELECT name FROM tags WHERE repo_id = \(repository.rowID) AND name > \(tag ?? "") ORDER BY name LIMIT \(limit + 1)"
            ) { row in ImageTag(row.text(0)) }
        }
        return Page(found.compactMap { $0 }, limit: limit) { $0 }
    }
}

extension ReadTransaction {
    /// What a list shows of these images: of the one that `cursor` is at, only what comes after its tag.
    fileprivate func entries(
        of images: ArraySlice<ImageRecord>, in repository: Repository, after cursor: ImageCursor?
    ) throws -> [(ImageIdentifier, ImageCursor)] {
        let tags = try tags(ofAll: Array(images), in: repository)
        return images.flatMap { image in
            let isResumed = image.rowID == cursor?.rowID
            let names = (tags[image.rowID] ?? []).filter { tag in
                guard isResumed, let last = cursor?.tag else { return true }
                return last < tag
            }
            if names.isEmpty, !isResumed { return [(ImageIdentifier(digest: image.digest), image.cursor)] }
            return names.map {
                (ImageIdentifier(digest: image.digest, tag: $0), ImageCursor(pushedAt: image.pushedAt, rowID: image.rowID, tag: $0))
            }
        }
    }
}
