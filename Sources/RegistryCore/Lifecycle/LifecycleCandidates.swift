import Lifecycle
import OCI
import Stores

/// An image that a sweep looks at.
struct LifecycleCandidate: Sendable {
    let image: ImageRecord
    let facts: LifecycleImage

    var place: LifecycleSweep.Place { LifecycleSweep.Place(newSince: Timestamp(milliseconds: facts.newSince), rowID: image.rowID) }
}

extension ReadTransaction {
    /// Up to `limit` images that come after `place`, the newest first: what came back from the archive is as new as that.
    func lifecycleCandidates(in repository: Repository, after place: LifecycleSweep.Place, limit: Int) throws -> [LifecycleCandidate] {
        let pushed = try rows(
            """
            SELECT \(sql: ImageRecord.columns) FROM manifests
            WHERE repo_id = \(repository.rowID) AND activated_at IS NULL AND (pushed_at, id) < (\(place.newSince), \(place.rowID))
            ORDER BY pushed_at DESC, id DESC LIMIT \(limit)
            """, ImageRecord.init)
        let restored = try rows(
            """
            SELECT \(sql: ImageRecord.columns) FROM manifests
            WHERE repo_id = \(repository.rowID) AND activated_at IS NOT NULL AND (activated_at, id) < (\(place.newSince), \(place.rowID))
            ORDER BY activated_at DESC, id DESC LIMIT \(limit)
            """, ImageRecord.init)
        let images = try candidates(pushed + restored, in: repository)
        return restored.isEmpty ? images : Array(images.sorted { $0.place > $1.place }.prefix(limit))
    }

    private func candidates(_ images: [ImageRecord], in repository: Repository) throws -> [LifecycleCandidate] {
        let (tags, pulls) = (try tags(ofAll: images, in: repository), try lastPulls(of: images))
        return images.map { image in
            LifecycleCandidate(
                image: image,
                facts: LifecycleImage(
                    tags: (tags[image.rowID] ?? []).map(\.description), storageClass: image.status == .archived ? .archive : .standard,
                    pushedAt: image.pushedAt.milliseconds, pulledAt: pulls[image.rowID]?.milliseconds, archivedAt: image.archivedAt?.milliseconds,
                    activatedAt: image.activatedAt?.milliseconds))
        }
    }
}
