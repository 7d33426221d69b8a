import OCI
import Stores

/// A manifest to store and the tags to put on it.
package struct NewImage: Sendable {
    package let manifest: Manifest
    /// Tags to set; may be empty when pushed by digest.
    package let tags: [ImageTag]
    /// The digest that the caller gave, whose algorithm the image is stored under; nil: sha256.
    package let digest: Digest?

    package init(manifest: Manifest, tags: [ImageTag], digest: Digest? = nil) {
        self.manifest = manifest
        self.tags = tags
        self.digest = digest
    }
}

/// What a push did.
package struct PushedImage: Hashable, Sendable {
    package let digest: Digest
    /// False when the manifest was there before and every tag already named it: nothing changed.
    package let changed: Bool
}

extension Registry {
    /// Stores a manifest and sets its tags in one transaction, durable when it returns. The same push again changes nothing,
    /// but restores an archived image whose layers were pushed again.
    /// Throws `repositoryNotFound`, `imageDigestMismatch`, `layersMissing`, `imagesMissing`, `tagImmutable`, `tooManyImages`, `tooManyTags`,
    /// `usageExceeded`.
    package func putImage(_ image: NewImage, in name: RepositoryName) async throws -> PushedImage {
        let (id, limits, ids, events, services) = (id, limits, ids, events, services)
        let digest = Digest.of(image.manifest.payload, by: image.digest?.algorithm ?? .sha256)
        if let expected = image.digest, expected != digest { throw RegistryError.imageDigestMismatch(expected, name, registry: id) }
        let seen = try await database.read { try $0.repository(name, in: id) }
        let payload = try await services.seal(image.manifest.payload, of: digest, in: seen)
        let pushed: PushedImage? = try await database.write { transaction in
            // The lock gives a push and a change of mutability an order (promise P5).
            let repository = try transaction.lockedRepository(name, in: id)
            // Of a repository that was deleted and made again meanwhile, the manifest is sealed for the wrong one.
            guard repository.rowID == seen.rowID else { throw RegistryError.repositoryNotFound(name, registry: id) }
            guard !payload.isSealed || repository.under(key: payload.keyNumber) != nil else { return nil }
            let known = try transaction.image(ImageIdentifier(digest: digest), in: repository)
            let rowID: Int64
            if let known {
                rowID = known.rowID
            } else {
                rowID = ids.nextID()
                guard try transaction.usage(of: repository).images < limits.imagesPerRepository else {
                    throw RegistryError.tooManyImages(limit: limits.imagesPerRepository)
                }
                let newBytes = try transaction.insert(image.manifest, digest, payload, rowID: rowID, tagCount: Set(image.tags).count, in: repository)
                try transaction.addToTotals(of: repository, id: ids.nextID(), images: 1, bytes: newBytes)
                try transaction.checkUsage(of: repository, limits)
            }
            let isRestored = known.map { $0.status != .active } ?? false
            if let known, isRestored { try transaction.activatePushed(known, in: repository, services) }
            var changes: [ImageTag?] = []
            for tag in image.tags where try transaction.set(tag, to: rowID, isCounted: known == nil, in: repository) { changes.append(tag) }
            if known == nil, changes.isEmpty { changes.append(nil) }
            if !changes.isEmpty { try transaction.hastenLifecycle(of: repository) }
            for tag in changes { try events.note(ImageEvent(push: image.manifest, digest, tag: tag), in: repository, transaction) }
            if (known?.tagCount ?? 0) + Int64(image.tags.count) > Int64(limits.tagsPerImage) {
                let count = try transaction.first("SELECT tag_count FROM manifests WHERE id = \(rowID)") { $0.integer(0) } ?? 0
                guard count <= Int64(limits.tagsPerImage) else { throw RegistryError.tooManyTags(limit: limits.tagsPerImage) }
            }
            return PushedImage(digest: digest, changed: !changes.isEmpty || isRestored)
        }
        if let pushed { return pushed }
        // All went under another key meanwhile.
        return try await putImage(image, in: name)
    }
}

extension WriteTransaction {
    /// Adds a manifest that will have so many tags with its bytes and references; returns the bytes of its blobs that no other image of the repository names.
    /// Throws `layersMissing`, `imagesMissing`, naming all that are absent.
    fileprivate func insert(
        _ manifest: Manifest, _ digest: Digest, _ payload: StoredPayload, rowID: Int64, tagCount: Int, in repository: Repository
    ) throws -> Int64 {
        let blobs = try manifest.requiredBlobs.map { ($0.digest, try layer($0.digest, in: repository)) }
        let absentBlobs = blobs.filter { $0.1 == nil }.map(\.0)
        guard absentBlobs.isEmpty else { throw RegistryError.layersMissing(absentBlobs, repository.name, registry: repository.registry) }
        let children = try manifest.requiredManifests.map { ($0.digest, try image(ImageIdentifier(digest: $0.digest), in: repository)) }
        let absentChildren = children.filter { $0.1?.status != .active }.map(\.0)
        guard absentChildren.isEmpty else { throw RegistryError.imagesMissing(absentChildren, repository.name, registry: repository.registry) }

        let bytes = blobs.reduce(0) { $0 + ($1.1?.layer.size ?? 0) } + (children.compactMap { $0.1?.totalBytes }.max() ?? 0)
        try execute(
            """
            INSERT INTO manifests (id, repo_id, digest, media_type, artifact_type, config_type, subject, payload_bytes, total_bytes, pushed_at, tag_count)
            VALUES (\(rowID), \(repository.rowID), \(digest.bytes), \(manifest.mediaType.description), \(optional: manifest.effectiveArtifactType),
                \(optional: manifest.configType), \(optional: manifest.subject?.digest.bytes), \(manifest.payload.count), \(bytes), \(now), \(tagCount))
            """)
        try execute("INSERT INTO manifest_bytes (manifest_id, payload, sealed) VALUES (\(rowID), \(payload.bytes), \(payload.keyNumber))")
        var newBytes: Int64 = 0
        for blob in blobs.compactMap(\.1).sorted(by: { $0.blobID < $1.blobID }) {
            if try !isReferenced(blob.blobID, in: repository) { newBytes += blob.layer.size }
            try execute("INSERT INTO manifest_blobs (manifest_id, blob_id, repo_id) VALUES (\(rowID), \(blob.blobID), \(repository.rowID))")
        }
        for child in children.compactMap(\.1).sorted(by: { $0.rowID < $1.rowID }) {
            try execute("INSERT INTO manifest_children (parent_id, child_id, repo_id) VALUES (\(rowID), \(child.rowID), \(repository.rowID))")
        }
        return newBytes
    }

    /// Lets `tag` name the image `rowID`, and counts it there unless it `isCounted`; false when it did already. Throws `tagImmutable`.
    fileprivate func set(_ tag: ImageTag, to rowID: Int64, isCounted: Bool, in repository: Repository) throws -> Bool {
        let previous = try first("SELECT manifest_id FROM tags WHERE repo_id = \(repository.rowID) AND name = \(tag.description)") { $0.integer(0) }
        guard previous != rowID else { return false }
        if let previous {
            guard repository.mutability.allowsMoving(tag) else {
                throw RegistryError.tagImmutable(tag, repository.name, registry: repository.registry)
            }
            try execute(
                """
                UPDATE tags SET manifest_id = \(rowID), updated_at = \(now), version = version + 1
                WHERE repo_id = \(repository.rowID) AND name = \(tag.description)
                """)
            try execute("UPDATE manifests SET tag_count = tag_count - 1 WHERE id = \(previous)")
        } else {
            // A unique violation here is a race that another push won: on a retry the tag is found above.
            do {
                _ = try savepoint {
                    try execute(
                        """
                        INSERT INTO tags (repo_id, name, manifest_id, updated_at)
                        VALUES (\(repository.rowID), \(tag.description), \(rowID), \(now))
                        """)
                }
            } catch DatabaseError.uniqueViolation {
                throw DatabaseError.retryable("tag \(tag) was set meanwhile")
            }
        }
        if !isCounted { try execute("UPDATE manifests SET tag_count = tag_count + 1 WHERE id = \(rowID)") }
        return true
    }
}
