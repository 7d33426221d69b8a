import Lifecycle
import OCI
import Stores

/// What a preview says of one image, and why.
package struct LifecycleExplanation: Hashable, Sendable {
    package let image: ImageDetail
    /// The rule that claims the image and what it found; nil when none does.
    package let verdict: LifecycleVerdict?
    /// What becomes of the image; nil when it stays.
    package let action: LifecycleRule.Action?
    /// Why it stays although its rule would take it.
    package let hold: LifecycleHold?
}

/// Where a list of explanations goes on: after an image, with what the rules have counted up to it.
package struct LifecycleExplanationCursor: Codable, Hashable, Sendable {
    let newSince: Int64
    let rowID: Int64
    let selected: [Int]
}

extension Registry {
    /// What the complete preview of a repository says of each image, at most `limit` of them, newest first; what was pushed since
    /// the preview counts too. Throws `repositoryNotFound`, `lifecyclePreviewNotFound`.
    package func explainLifecycle(
        in name: RepositoryName, after cursor: LifecycleExplanationCursor?, limit: Int
    ) async throws -> Page<LifecycleExplanation, LifecycleExplanationCursor> {
        let id = id
        return try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            let preview = try transaction.preview(of: repository)
            var evaluation = LifecycleEvaluation(
                try LifecyclePolicy(preview.text, maximumRules: .max), now: preview.startedAt.milliseconds, selected: cursor?.selected ?? [])
            let place = cursor.map { LifecycleSweep.Place(newSince: Timestamp(milliseconds: $0.newSince), rowID: $0.rowID) } ?? .start
            let page = try transaction.lifecycleCandidates(in: repository, after: place, limit: limit)
            let explanations = try page.map { candidate in
                let verdict = evaluation.verdict(on: candidate.facts)
                let action = try transaction.mark(of: preview.id, on: candidate.image.rowID)?.action
                let wanted = action == nil ? verdict?.action : nil
                return LifecycleExplanation(
                    image: try transaction.detail(of: candidate.image, in: repository), verdict: verdict, action: action,
                    hold: try wanted.flatMap { try transaction.hold(on: candidate.image, from: $0, in: repository, preview.id) })
            }
            let next = page.count < limit ? nil : page.last?.place
            return Page(
                elements: explanations,
                next: next.map {
                    LifecycleExplanationCursor(newSince: $0.newSince.milliseconds, rowID: $0.rowID, selected: evaluation.selected)
                })
        }
    }

    /// The bytes of blobs that would be freed if all happened that the preview says: no image that stays, here or in another
    /// repository, names them. Throws `repositoryNotFound`, `lifecyclePreviewNotFound`.
    package func bytesFreedByLifecycle(in name: RepositoryName) async throws -> Int64 {
        let id = id
        return try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            let preview = try transaction.preview(of: repository).id
            let expiring: SQL =
                "SELECT manifest_id FROM lifecycle_marks WHERE repo_id = \(preview.repositoryID) AND kind = \(preview.kind.rawValue) AND action = 0"
            return try transaction.first(
                """
                SELECT COALESCE(SUM(b.size), 0) FROM blobs b
                WHERE b.id IN (SELECT r.blob_id FROM manifest_blobs r WHERE r.manifest_id IN (\(sql: expiring)))
                    AND NOT EXISTS (
                        SELECT 1 FROM manifest_blobs o
                        WHERE o.repo_id = \(repository.rowID) AND o.blob_id = b.id AND o.manifest_id NOT IN (\(sql: expiring)))
                    AND NOT EXISTS (SELECT 1 FROM repo_blobs l WHERE l.blob_id = b.id AND l.repo_id <> \(repository.rowID))
                """
            ) { $0.integer(0) } ?? 0
        }
    }
}
