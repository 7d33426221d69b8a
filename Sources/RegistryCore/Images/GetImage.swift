import OCI
import Stores

/// A stored manifest, byte for byte.
package struct StoredImage: Hashable, Sendable {
    package let digest: Digest
    package let mediaType: MediaType
    package let payload: [UInt8]
}

/// A stored manifest without its bytes.
package struct ImageStat: Hashable, Sendable {
    package let digest: Digest
    package let mediaType: MediaType
    /// The length of the manifest, in bytes.
    package let size: Int64
}

extension Registry {
    /// The manifest of a tag, a digest, or both. Throws `repositoryNotFound`, `imageNotFound`.
    package func image(_ identifier: ImageIdentifier, in name: RepositoryName) async throws -> StoredImage { fatalError("stub") }

    /// As `image`, without reading the bytes.
    package func imageStat(_ identifier: ImageIdentifier, in name: RepositoryName) async throws -> ImageStat { fatalError("stub") }

    /// As `image` for each identifier, in order; nil for those that are absent. Throws `repositoryNotFound`.
    package func images(_ identifiers: [ImageIdentifier], in name: RepositoryName) async throws -> [StoredImage?] { fatalError("stub") }
}
