import OCI
import Stores

/// An image as DescribeImages shows it.
package struct ImageDetail: Hashable, Sendable {
    package let digest: Digest
    /// By name; empty when untagged.
    package let tags: [ImageTag]
    /// Config and layers in bytes; of an index, its largest member's.
    package let size: Int64
    package let pushedAt: Timestamp
    /// By a principal whose pulls count; nil when it never was.
    package let lastPulledAt: Timestamp?
    package let mediaType: MediaType
    /// The config's media type, or the artifact type where the config is empty or absent.
    package let artifactMediaType: String?
    package let subject: Digest?
    package let status: ImageStatus
    /// When it came to the archive last, and when it came back.
    package let archivedAt: Timestamp?
    package let activatedAt: Timestamp?
}

extension Registry {
    /// Images with their details, newest first, of a status or of any. Throws `repositoryNotFound`.
    package func describeImages(
        in name: RepositoryName, _ status: TagStatus, _ imageStatus: ImageStatus? = nil, after cursor: ImageCursor?, limit: Int
    ) async throws -> Page<ImageDetail, ImageCursor> {
        let id = id
        return try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            let found = try transaction.images(in: repository, status, imageStatus, after: cursor, limit: limit + 1)
            let page = Page(found, limit: limit) { $0.cursor }
            return Page(elements: try transaction.details(of: page.elements, in: repository), next: page.next)
        }
    }

    /// The images of `identifiers` with their details, each image once. Throws `repositoryNotFound`, `imageNotFound` for the first that is absent.
    package func describeImages(_ identifiers: [ImageIdentifier], in name: RepositoryName) async throws -> [ImageDetail] {
        let id = id
        return try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            var seen: Set<Int64> = []
            var images: [ImageRecord] = []
            for identifier in identifiers {
                guard let image = try transaction.image(identifier, in: repository) else {
                    throw RegistryError.imageNotFound(identifier, name, registry: id)
                }
                if seen.insert(image.rowID).inserted { images.append(image) }
            }
            return try transaction.details(of: images, in: repository)
        }
    }
}

extension ReadTransaction {
    /// The details of `images`, in their order, by as many statements as for one.
    func details(of images: [ImageRecord], in repository: Repository) throws -> [ImageDetail] {
        let (tags, pulls) = (try tags(ofAll: images, in: repository), try lastPulls(of: images))
        return images.map { image in
            ImageDetail(
                digest: image.digest, tags: tags[image.rowID] ?? [], size: image.totalBytes, pushedAt: image.pushedAt,
                lastPulledAt: pulls[image.rowID], mediaType: image.mediaType, artifactMediaType: image.artifactMediaType, subject: image.subject,
                status: image.status, archivedAt: image.archivedAt, activatedAt: image.activatedAt)
        }
    }

    /// The details of an image.
    func detail(of image: ImageRecord, in repository: Repository) throws -> ImageDetail { try details(of: [image], in: repository)[0] }
}
