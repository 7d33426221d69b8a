import OCI
import Stores

/// What became of one identifier of `deleteImages`.
package enum ImageDeletion: Hashable, Sendable {
    /// The tags and digests that are gone: by tag one entry; by digest one for each tag, or one without.
    case deleted([ImageIdentifier])
    case notFound
    /// A member of these indexes stays.
    case referenced(by: [Digest])
}

extension Registry {
    /// BatchDeleteImage: by tag removes the tag, and the image with its last tag; by digest removes the image and all its tags.
    /// One answer for each identifier, in order. Throws `repositoryNotFound`.
    package func deleteImages(_ identifiers: [ImageIdentifier], in name: RepositoryName) async throws -> [ImageDeletion] {
        let (id, services, decidedNames) = (id, services, decidedNames)
        return try await database.writeFreeing { transaction in
            try transaction.require(decidedNames)
            let repository = try transaction.repository(name, in: id)
            return try identifiers.map { identifier in
                guard let image = try transaction.image(identifier, in: repository) else { return .notFound }
                if identifier.digest == nil, let tag = identifier.tag, image.tagCount > 1 {
                    try transaction.remove(tag, from: image, in: repository, services)
                    return .deleted([ImageIdentifier(digest: image.digest, tag: tag)])
                }
                let parents = try transaction.parents(of: image, in: repository)
                guard parents.isEmpty else { return .referenced(by: parents) }
                let tags = try transaction.delete(image, in: repository, services)
                return .deleted(tags.isEmpty ? [ImageIdentifier(digest: image.digest)] : tags.map { ImageIdentifier(digest: image.digest, tag: $0) })
            }
        }
    }

    /// The docker DELETE: by tag removes the tag only, by digest the image and all its tags.
    /// Throws `repositoryNotFound`, `imageNotFound`, `imageReferenced`.
    package func deleteManifest(_ reference: Reference, in name: RepositoryName) async throws {
        let (id, services, decidedNames) = (id, services, decidedNames)
        try await database.writeFreeing { transaction in
            try transaction.require(decidedNames)
            let repository = try transaction.repository(name, in: id)
            let identifier = ImageIdentifier(reference)
            guard let image = try transaction.image(identifier, in: repository) else {
                throw RegistryError.imageNotFound(identifier, name, registry: id)
            }
            switch reference {
            case .tag(let tag):
                try transaction.remove(tag, from: image, in: repository, services)
            case .digest:
                let parents = try transaction.parents(of: image, in: repository)
                guard parents.isEmpty else { throw RegistryError.imageReferenced(by: parents) }
                _ = try transaction.delete(image, in: repository, services)
            }
        }
    }
}

extension WriteTransaction {
    /// Removes one tag of an image, with its event.
    func remove(_ tag: ImageTag, from image: ImageRecord, in repository: Repository, _ services: RegistryServices) throws {
        try execute("DELETE FROM tags WHERE repo_id = \(repository.rowID) AND name = \(tag.description)")
        try execute("UPDATE manifests SET tag_count = tag_count - 1 WHERE id = \(image.rowID)")
        try services.events.note(ImageEvent(.delete, image, tag: tag), in: repository, self)
    }

    /// Removes an image that no index lists, and its tags, which are returned, with an event for each; its blobs become due for the collector,
    /// and what refers to it follows (`RegistryServices.removeOrphanedReferrers`).
    func delete(_ image: ImageRecord, in repository: Repository, _ services: RegistryServices) throws -> [ImageTag] {
        let tags = try tags(of: image, in: repository)
        let blobs = try rows("SELECT blob_id FROM manifest_blobs WHERE manifest_id = \(image.rowID)") { $0.integer(0) }
        try execute("DELETE FROM tags WHERE repo_id = \(repository.rowID) AND manifest_id = \(image.rowID)")
        try execute("DELETE FROM manifests WHERE id = \(image.rowID)")
        for blob in blobs { try queueForReclaiming(blob, repositoryID: repository.rowID, at: now) }
        let freed =
            try blobs.isEmpty
            ? 0
            : first(
                """
                SELECT COALESCE(SUM(b.size), 0) FROM blobs b WHERE b.id IN \(list: blobs)
                    AND NOT EXISTS (SELECT 1 FROM manifest_blobs m WHERE m.repo_id = \(repository.rowID) AND m.blob_id = b.id)
                """
            ) { $0.integer(0) }
        try addToTotals(of: repository, id: services.ids.nextID(), images: -1, bytes: -(freed ?? 0))
        try noteOrphans(of: image, in: repository)
        try noteDeletion(of: image, tags, in: repository, services)
        return tags
    }

    /// Takes down that an image is gone: an event for each of its tags, or one when it had none.
    func noteDeletion(of image: ImageRecord, _ tags: [ImageTag], in repository: Repository, _ services: RegistryServices) throws {
        for tag in tags.isEmpty ? [nil] : tags.map(Optional.some) {
            try services.events.note(ImageEvent(.delete, image, tag: tag), in: repository, self)
        }
    }
}
