import OCI
import SealedObjects
import Stores

/// A blob as one repository sees it.
package struct Layer: Hashable, Sendable {
    package let digest: Digest
    /// In bytes.
    package let size: Int64
}

/// A blob open for reading; `content.close()` is the receiver's to call.
package struct OpenLayer: Sendable {
    package let layer: Layer
    package let content: any OpenBlob
    /// Nil where nothing can be verified.
    let place: OpenPlace?

    /// True of content that can be refused from one moment to the next, without a commit.
    package var isRevocable: Bool { place?.record.repository.encryption.key != nil }

    /// Where it was found; see `RegistryServices.remembers`.
    package var foundAt: LayerPlace? {
        place.map { LayerPlace(registry: $0.registry, repository: $0.repository, digest: layer.digest) }
    }

    package init(layer: Layer, content: any OpenBlob) { self.init(layer: layer, content: content, place: nil) }

    fileprivate init(layer: Layer, content: any OpenBlob, place: OpenPlace?) {
        self.layer = layer
        self.content = content
        self.place = place
    }
}

/// Where a blob is asked for.
package struct LayerPlace: Hashable, Sendable {
    let registry: RegistryID
    let repository: RepositoryName
    let digest: Digest
}

extension RegistryServices {
    /// Whether what a blob's place had when it was last read is kept. The collector's commits are not counted as others are, and what it lets go of is
    /// forgotten instead: so who has remembered an answer must ask, besides `Database.version`.
    package func remembers(_ place: LayerPlace) -> Bool { layerReads.known(for: place).flatMap { $0 } != nil }
}

extension Registry {
    /// The blobs of `digests` that are in the repository, each once, in no order. With `reserving`, each answer is a promise
    /// that a manifest naming the blob can be pushed for half of `Limits.blobLease` at least (promise P4): for callers with
    /// push rights. Throws `repositoryNotFound`.
    package func findLayers(_ digests: [Digest], in name: RepositoryName, reserving: Bool) async throws -> [Layer] {
        let (id, lease) = (id, limits.blobLease)
        let digests = Array(Set(digests))
        let (known, expiring) = try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            let known = try digests.compactMap { try transaction.layer($0, in: repository) }
            return (known, known.contains { $0.leaseUntil < transaction.now + lease / 2 })
        }
        guard reserving else { return known.map(\.layer) }
        var found: [LayerRecord] = []
        for record in known where try await services.isThere(record) { found.append(record) }
        guard expiring else { return found.map(\.layer) }
        return try await database.write { [found] transaction in
            let repository = try transaction.repository(name, in: id)
            let until = transaction.now + lease
            let kept = try found.filter { try transaction.extendLease(of: $0.blobID, in: repository, until: until) }
            for record in kept { try transaction.queueForReclaiming(record.blobID, repositoryID: repository.rowID, at: until) }
            return kept.map(\.layer)
        }
    }

    /// Those of `digests` whose bytes are in the archive. Throws `repositoryNotFound`.
    package func archivedLayers(_ digests: [Digest], in name: RepositoryName) async throws -> Set<Digest> {
        let id = id
        return try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            return Set(try digests.filter { try transaction.isArchived($0, in: repository) })
        }
    }

    /// Opens a blob for reading; `OpenLayer.whole` is for who reads all of it. One whose object is gone, or has another size, goes into quarantine.
    /// Throws `repositoryNotFound`, `layerNotFound`.
    package func openLayer(_ digest: Digest, in name: RepositoryName) async throws -> OpenLayer {
        let id = id
        let asked = LayerPlace(registry: id, repository: name, digest: digest)
        let record = try await services.layerReads.value(for: asked, in: database) { transaction in
            try transaction.layer(digest, in: transaction.repository(name, in: id))
        }
        guard let record else { throw RegistryError.layerNotFound(digest, name, registry: id) }
        let place = OpenPlace(services: services, registry: id, repository: name, record: record)
        if let content = try await open(record) {
            return OpenLayer(layer: record.layer, content: record.sealedBytes == nil ? content : AuthenticatedContent(content, place), place: place)
        }
        _ = try await services.quarantineIfDamaged(CheckedBlob(record))
        throw place.notFound
    }

    /// The content of a blob; nil when its object is gone, of another size, or not what was stored.
    private func open(_ record: LayerRecord) async throws -> (any OpenBlob)? {
        do {
            if record.sealedBytes != nil { return try await services.openSealed(record) }
            let content = try await blobs.open(record.objectKey)
            if content.size == record.layer.size { return content }
            content.close()
            return nil
        } catch BlobStoreError.missing {
            return nil
        } catch is ObjectDamage {
            return nil
        }
    }
}
