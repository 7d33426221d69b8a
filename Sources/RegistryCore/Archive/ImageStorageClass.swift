import OCI
import Stores

/// The two storage classes of images; the raw value is ECR's.
package enum StorageClass: String, Sendable, CaseIterable {
    case standard = "STANDARD"
    case archive = "ARCHIVE"
}

extension Registry {
    /// Archives an active image, or begins to restore an archived one; with it its members and what refers to it. Returns its
    /// digest and what it is now. Throws `repositoryNotFound`, `imageNotFound`, `storageClassUpdateNotSupported`.
    package func setStorageClass(
        _ target: StorageClass, of identifier: ImageIdentifier, in name: RepositoryName
    ) async throws -> (digest: Digest, status: ImageStatus) {
        let (id, services) = (id, services)
        return try await database.write { transaction in
            let repository = try transaction.repository(name, in: id)
            guard let image = try transaction.image(identifier, in: repository) else {
                throw RegistryError.imageNotFound(identifier, name, registry: id)
            }
            func refuse(_ reason: String) -> RegistryError { .storageClassUpdateNotSupported(image.digest, name, reason: reason) }
            switch (target, image.status) {
            case (.archive, .active):
                let indexes = try transaction.activeParents(of: image, in: repository)
                guard indexes.isEmpty else { throw refuse("it is referenced by the manifest list \(indexes[0])") }
                try transaction.archiveWhole(image, in: repository, services)
            case (.standard, .archived): try transaction.activateWhole(image, in: repository, services)
            case (.archive, .archived): throw refuse("it is archived already")
            case (.standard, .active): throw refuse("it is active already")
            case (_, .activating): throw refuse("it is being restored")
            }
            return (image.digest, try transaction.image(rowID: image.rowID, in: repository)?.status ?? image.status)
        }
    }
}

extension ReadTransaction {
    /// The indexes that list an image and are not in the archive.
    fileprivate func activeParents(of image: ImageRecord, in repository: Repository) throws -> [Digest] {
        try rows(
            """
            SELECT m.digest FROM manifest_children c JOIN manifests m ON m.id = c.parent_id
            WHERE c.repo_id = \(repository.rowID) AND c.child_id = \(image.rowID) AND m.status <> \(ImageStatus.archived.rawValue)
            ORDER BY c.parent_id LIMIT 1
            """
        ) { Digest(bytes: $0.bytes(0)) }.compactMap { $0 }
    }

    fileprivate func members(of image: ImageRecord, in repository: Repository) throws -> [ImageRecord] {
        try rows(
            """
            SELECT \(sql: ImageRecord.columns) FROM manifests WHERE repo_id = \(repository.rowID)
                AND id IN (SELECT child_id FROM manifest_children WHERE parent_id = \(image.rowID)) ORDER BY id
            """, ImageRecord.init)
    }
}

extension WriteTransaction {
    /// Puts an active image into the archive, with its event. Its blobs follow when no active image names them.
    func archive(_ image: ImageRecord, in repository: Repository, _ services: RegistryServices) throws {
        let changed = try execute(
            """
            UPDATE manifests SET status = \(ImageStatus.archived.rawValue), archived_at = \(now)
            WHERE id = \(image.rowID) AND status = \(ImageStatus.active.rawValue)
            """)
        guard changed == 1 else { return }
        try execute(
            """
            INSERT INTO archive_queue (blob_id, due_at) SELECT blob_id, \(now) FROM manifest_blobs WHERE manifest_id = \(image.rowID)
            ON CONFLICT (blob_id) DO UPDATE SET due_at = excluded.due_at
            """)
        try services.events.note(ImageEvent(.updateStorageClass(StorageClass.archive.rawValue, activatedAt: nil), image), in: repository, self)
    }

    /// Archives an image, its members that have no tags and no other index, and what refers to any of them.
    fileprivate func archiveWhole(_ image: ImageRecord, in repository: Repository, _ services: RegistryServices) throws {
        guard image.status == .active, try activeParents(of: image, in: repository).isEmpty else { return }
        try archive(image, in: repository, services)
        for member in try members(of: image, in: repository) where member.tagCount == 0 { try archiveWhole(member, in: repository, services) }
        for referrer in try referrers(of: image.digest, in: repository) { try archiveWhole(referrer, in: repository, services) }
    }

    /// Begins to restore an archived image, its members, and what refers to any of them.
    fileprivate func activateWhole(_ image: ImageRecord, in repository: Repository, _ services: RegistryServices) throws {
        guard image.status == .archived else { return }
        try execute("UPDATE manifests SET status = \(ImageStatus.activating.rawValue) WHERE id = \(image.rowID)")
        for member in try members(of: image, in: repository) { try activateWhole(member, in: repository, services) }
        _ = try activateIfWhole(image, in: repository, services)
        try activateReferrers(of: image, in: repository, services)
    }

    private func activateReferrers(of image: ImageRecord, in repository: Repository, _ services: RegistryServices) throws {
        for referrer in try referrers(of: image.digest, in: repository) { try activateWhole(referrer, in: repository, services) }
    }

    /// Makes an image active that was pushed again with all that it names, and begins to restore what refers to it.
    /// Throws `layersMissing`, `imagesMissing`.
    func activatePushed(_ image: ImageRecord, in repository: Repository, _ services: RegistryServices) throws {
        try requireWhole(image, in: repository)
        try activate(image, in: repository, services)
        try activateReferrers(of: image, in: repository, services)
    }

    /// Makes an image active when all of its blobs and members are there, with its event; false when something is still missing.
    func activateIfWhole(_ image: ImageRecord, in repository: Repository, _ services: RegistryServices) throws -> Bool {
        let missing = try first(
            """
            SELECT 1 FROM manifest_blobs r JOIN blobs b ON b.id = r.blob_id WHERE r.manifest_id = \(image.rowID) AND b.state <> 0
            UNION ALL
            SELECT 1 FROM manifest_children c JOIN manifests m ON m.id = c.child_id WHERE c.parent_id = \(image.rowID) AND m.status <> 0
            LIMIT 1
            """
        ) { $0.integer(0) }
        guard missing == nil else { return false }
        try activate(image, in: repository, services)
        return true
    }

    /// Passes when all that an image names can be pulled. Throws `layersMissing`, `imagesMissing`.
    private func requireWhole(_ image: ImageRecord, in repository: Repository) throws {
        let layers = try rows(
            "SELECT b.digest FROM manifest_blobs r JOIN blobs b ON b.id = r.blob_id WHERE r.manifest_id = \(image.rowID) AND b.state <> 0"
        ) { Digest(bytes: $0.bytes(0)) }.compactMap { $0 }
        guard layers.isEmpty else { throw RegistryError.layersMissing(layers, repository.name, registry: repository.registry) }
        let members = try members(of: image, in: repository).filter { $0.status != .active }.map(\.digest)
        guard members.isEmpty else { throw RegistryError.imagesMissing(members, repository.name, registry: repository.registry) }
    }

    /// Makes an image active, with its event.
    func activate(_ image: ImageRecord, in repository: Repository, _ services: RegistryServices) throws {
        try execute(
            """
            UPDATE manifests SET status = \(ImageStatus.active.rawValue), activated_at = \(now)
            WHERE id = \(image.rowID) AND status <> \(ImageStatus.active.rawValue)
            """)
        try services.events.note(ImageEvent(.updateStorageClass(StorageClass.standard.rawValue, activatedAt: now), image), in: repository, self)
        try hastenLifecycle(of: repository)
    }
}
