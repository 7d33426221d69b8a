import IAM
import OCI
import Stores

/// A stored manifest, byte for byte.
package struct StoredImage: Hashable, Sendable {
    let rowID: Int64
    package let digest: Digest
    package let mediaType: MediaType
    package let payload: [UInt8]
    /// Only an active image may be served.
    package let status: ImageStatus
}

/// A stored manifest without its bytes.
package struct ImageStat: Hashable, Sendable {
    package let digest: Digest
    package let mediaType: MediaType
    /// The length of the manifest, in bytes.
    package let size: Int64
}

/// Where an image is asked for, and what it is called there.
struct ImagePlace: Hashable, Sendable {
    let registry: RegistryID
    let repository: RepositoryName
    let identifier: ImageIdentifier
    let decidedNames: [DecidedName]
}

extension Registry {
    /// The manifest of a tag, a digest, or both. Throws `repositoryNotFound`, `imageNotFound`,
    /// `imageArchived`.
    package func image(_ identifier: ImageIdentifier, in name: RepositoryName) async throws -> StoredImage {
        let (id, decidedNames) = (id, decidedNames)
        let place = ImagePlace(registry: id, repository: name, identifier: identifier, decidedNames: decidedNames)
        return try await services.imageReads.value(for: place, in: database, where: { $0.payload.count <= 32 << 10 }) { transaction in
            try transaction.require(decidedNames)
            guard let image = try transaction.storedImage(identifier, in: transaction.repository(name, in: id)) else {
                throw RegistryError.imageNotFound(identifier, name, registry: id)
            }
            guard image.status == .active else { throw RegistryError.imageArchived(identifier, name, registry: id) }
            return image
        }
    }

    /// As `image`, without reading the bytes.
    package func imageStat(_ identifier: ImageIdentifier, in name: RepositoryName) async throws -> ImageStat {
        let (id, decidedNames) = (id, decidedNames)
        let place = ImagePlace(registry: id, repository: name, identifier: identifier, decidedNames: decidedNames)
        return try await services.imageStatReads.value(for: place, in: database) { transaction in
            try transaction.require(decidedNames)
            guard let record = try transaction.image(identifier, in: transaction.repository(name, in: id)) else {
                throw RegistryError.imageNotFound(identifier, name, registry: id)
            }
            guard record.status == .active else { throw RegistryError.imageArchived(identifier, name, registry: id) }
            return ImageStat(digest: record.digest, mediaType: record.mediaType, size: record.payloadBytes)
        }
    }

    /// As `image` for each identifier, in order, archived ones too; nil for those that are absent. Throws `repositoryNotFound`.
    package func images(_ identifiers: [ImageIdentifier], in name: RepositoryName) async throws -> [StoredImage?] {
        let (id, decidedNames) = (id, decidedNames)
        return try await database.read { transaction in
            try transaction.require(decidedNames)
            let repository = try transaction.repository(name, in: id)
            return try identifiers.map { try transaction.storedImage($0, in: repository) }
        }
    }
}

extension ReadTransaction {
    fileprivate func storedImage(_ identifier: ImageIdentifier, in repository: Repository) throws -> StoredImage? {
        guard let record = try image(identifier, in: repository) else { return nil }
        return StoredImage(
            rowID: record.rowID, digest: record.digest, mediaType: record.mediaType, payload: try payload(of: record), status: record.status)
    }
}
