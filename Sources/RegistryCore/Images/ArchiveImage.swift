import OCI
import Stores

extension WriteTransaction {
    /// Puts an active image into the archive, with its event.
    func archive(_ image: ImageRecord, in repository: Repository, _ services: RegistryServices) throws {
        let changed = try execute(
            """
            UPDATE manifests SET status = \(ImageStatus.archived.rawValue), archived_at = \(now)
            WHERE id = \(image.rowID) AND status = \(ImageStatus.active.rawValue)
            """)
        guard changed == 1 else { return }
        try services.events.note(ImageEvent(.updateStorageClass("ARCHIVE", activatedAt: nil), image), in: repository, self)
    }
}
