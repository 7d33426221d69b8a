import Lifecycle
import OCI
import Stores

/// How far a sweep has come.
package struct LifecycleProgress: Codable, Hashable, Sendable {
    /// Nothing is left to do.
    package let isComplete: Bool
    /// How many images the repository has, about.
    package let total: Int64
    /// How many images were looked at.
    package let images: Int64
    /// How many of them the policy lets expire, and archives.
    package let expiring: Int64
    package let archiving: Int64
}

extension RegistryServices {
    /// Takes a sweep one step further, in one transaction, over `limit` images at most; nil when there is no such sweep any more.
    /// Other writers wait meanwhile, for some milliseconds.
    func sweepPage(_ id: LifecycleSweep.ID, limit: Int = 500) async throws -> LifecycleProgress? {
        let services = self
        return try await database.write { transaction in
            guard var sweep = try transaction.sweep(id), let repository = try transaction.repository(rowID: id.repositoryID) else { return nil }
            switch sweep.state {
            case .clearing: if try transaction.clearMarks(of: id, limit: limit) == 0 { sweep.state = .marking }
            case .marking: try transaction.markPage(of: &sweep, in: repository, limit: limit)
            case .carryingOut: try transaction.carryOutPage(of: &sweep, in: repository, services, limit: limit)
            case .complete: break
            case .abandoned:
                if try transaction.clearMarks(of: id, limit: limit) == 0 {
                    try transaction.execute("DELETE FROM lifecycle_sweeps WHERE repo_id = \(id.repositoryID) AND kind = \(id.kind.rawValue)")
                    return nil
                }
            }
            try transaction.update(sweep)
            return LifecycleProgress(
                isComplete: sweep.state == .complete, total: try transaction.usage(of: repository).images, images: sweep.images,
                expiring: sweep.expiring, archiving: sweep.archiving)
        }
    }
}

extension WriteTransaction {
    /// Looks at the next `limit` images, and marks what goes.
    fileprivate func markPage(of sweep: inout LifecycleSweep, in repository: Repository, limit: Int) throws {
        let page = try lifecycleCandidates(in: repository, after: sweep.cursor, limit: limit)
        guard let last = page.last else {
            sweep.state = sweep.id.kind == .policy && sweep.marks > 0 ? .carryingOut : .complete
            if sweep.id.kind == .policy, sweep.state == .complete { try noteEvaluation(by: sweep) }
            return
        }
        var evaluation = LifecycleEvaluation(
            try LifecyclePolicy(sweep.text, maximumRules: .max), now: sweep.startedAt.milliseconds, selected: sweep.selected)
        for candidate in page { try mark(candidate, by: evaluation.verdict(on: candidate.facts), in: repository, &sweep) }
        sweep.selected = evaluation.selected
        sweep.images += Int64(page.count)
        sweep.cursor = last.place
    }

    /// Does to the next `limit` marked images what they are marked for.
    fileprivate func carryOutPage(
        of sweep: inout LifecycleSweep, in repository: Repository, _ services: RegistryServices, limit: Int
    ) throws {
        let marks = try marks(of: sweep.id, after: 0, limit: limit)
        guard let last = marks.last else {
            sweep.state = .complete
            return try noteEvaluation(by: sweep)
        }
        for mark in marks {
            guard let image = try image(rowID: mark.imageID, in: repository), try isUnchanged(image, since: sweep.startedAt, in: repository) else {
                continue
            }
            switch mark.action {
            case .expire:
                if try parents(of: image, in: repository).isEmpty { _ = try delete(image, in: repository, services) }
            case .transition:
                try archive(image, in: repository, services)
            }
        }
        try execute(
            """
            DELETE FROM lifecycle_marks
            WHERE repo_id = \(sweep.id.repositoryID) AND kind = \(sweep.id.kind.rawValue) AND position <= \(last.position)
            """)
    }

    /// False when an image was tagged, restored or pulled since the policy looked at it.
    private func isUnchanged(_ image: ImageRecord, since moment: Timestamp, in repository: Repository) throws -> Bool {
        if let activatedAt = image.activatedAt, activatedAt >= moment { return false }
        if let pulledAt = try lastPull(of: image), pulledAt >= moment { return false }
        guard image.tagCount > 0 else { return true }
        // SQLite would rather read all tags of the repository in their order.
        return try first(
            """
            SELECT 1 FROM tags /*sqlite INDEXED BY tags_manifest*/
            WHERE repo_id = \(repository.rowID) AND manifest_id = \(image.rowID) AND updated_at >= \(moment) LIMIT 1
            """
        ) { $0.integer(0) } == nil
    }

    private func noteEvaluation(by sweep: LifecycleSweep) throws {
        try execute("UPDATE lifecycle_policies SET evaluated_at = \(sweep.startedAt) WHERE repo_id = \(sweep.id.repositoryID)")
    }
}
