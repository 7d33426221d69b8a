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
    /// True of what can be refused from one moment to the next, without a commit.
    package let isRevocable: Bool
}

/// A stored manifest without its bytes.
package struct ImageStat: Hashable, Sendable {
    package let digest: Digest
    package let mediaType: MediaType
    /// The length of the manifest, in bytes.
    package let size: Int64
}

/// A stored manifest as the database has it.
struct ClosedImage: Sendable {
    let record: ImageRecord
    let payload: StoredPayload
    let repository: Repository
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
        let image = try await services.imageReads.value(for: place, in: database, where: { $0.payload.bytes.count <= 32 << 10 }) { transaction in
            try transaction.require(decidedNames)
            guard let image = try transaction.closedImage(identifier, in: transaction.repository(name, in: id)) else {
                throw RegistryError.imageNotFound(identifier, name, registry: id)
            }
            guard image.record.status == .active else { throw RegistryError.imageArchived(identifier, name, registry: id) }
            return image
        }
        return try await services.open(image)
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
        let found = try await database.read { transaction in
            try transaction.require(decidedNames)
            let repository = try transaction.repository(name, in: id)
            return try identifiers.map { try transaction.closedImage($0, in: repository) }
        }
        var images: [StoredImage?] = []
        for image in found {
            if let image { images.append(try await services.open(image)) } else { images.append(nil) }
        }
        return images
    }
}

extension RegistryServices {
    fileprivate func open(_ image: ClosedImage) async throws -> StoredImage {
        let record = image.record
        return StoredImage(
            rowID: record.rowID, digest: record.digest, mediaType: record.mediaType,
            payload: try await open(image.payload, of: record.digest, in: image.repository), status: record.status,
            isRevocable: image.repository.encryption.key != nil || image.repository.former?.encryption.key != nil)
    }
}

extension ReadTransaction {
    fileprivate func closedImage(_ identifier: ImageIdentifier, in repository: Repository) throws -> ClosedImage? {
        try image(identifier, in: repository).map { ClosedImage(record: $0, payload: try payload(of: $0), repository: repository) }
    }
}
