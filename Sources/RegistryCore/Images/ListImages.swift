import OCI
import Stores

/// Which images a list shows.
package enum TagStatus: String, Sendable {
    case tagged = "TAGGED"
    case untagged = "UNTAGGED"
    case any = "ANY"
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

/// An image as DescribeImages shows it.
package struct ImageDetail: Hashable, Sendable {
    package let digest: Digest
    /// By name; empty when untagged.
    package let tags: [ImageTag]
    /// Config and layers in bytes; of an index, its largest member's.
    package let size: Int64
    package let pushedAt: Timestamp
    package let mediaType: MediaType
    /// The config's media type, or the artifact type where the config is empty or absent.
    package let artifactMediaType: String?
    package let subject: Digest?
}

extension Registry {
    /// One entry for each tag, and one without tag for each untagged image, newest image first. Throws `repositoryNotFound`.
    package func listImages(in name: RepositoryName, _ status: TagStatus, after cursor: ImageCursor?, limit: Int) async throws
        -> Page<ImageIdentifier, ImageCursor>
    { fatalError("stub") }

    /// Images with their details, newest first. Throws `repositoryNotFound`.
    package func describeImages(in name: RepositoryName, _ status: TagStatus, after cursor: ImageCursor?, limit: Int) async throws
        -> Page<ImageDetail, ImageCursor>
    { fatalError("stub") }

    /// The images of `identifiers` with their details, each image once. Throws `repositoryNotFound`, `imageNotFound` for the first that is absent.
    package func describeImages(_ identifiers: [ImageIdentifier], in name: RepositoryName) async throws -> [ImageDetail] { fatalError("stub") }

    /// Tags after `tag` in byte order. Throws `repositoryNotFound`.
    package func listTags(in name: RepositoryName, after tag: String?, limit: Int) async throws -> Page<ImageTag, ImageTag> { fatalError("stub") }
}
