import Lifecycle
import OCI
import Stores

/// An image that a sweep takes.
struct LifecycleMark: Hashable, Sendable {
    /// Marks are carried out in this order: an index before its members, a subject before what refers to it.
    let position: Int64
    let imageID: Int64
    let action: LifecycleRule.Action
    /// The priority of the rule that takes it, or that takes what it follows; nil where that was archived before.
    let rule: Int?
}

/// Why an image stays that a rule would take.
package enum LifecycleHold: Hashable, Sendable {
    /// This index, which stays, lists it.
    case index(Digest)
    /// It refers to this image, and goes or stays with it.
    case subject(Digest)
}

extension ReadTransaction {
    /// Up to `limit` marks of a sweep behind `position`, in order.
    func marks(of id: LifecycleSweep.ID, after position: Int64, limit: Int) throws -> [LifecycleMark] {
        try rows(
            """
            SELECT position, manifest_id, action, rule FROM lifecycle_marks
            WHERE repo_id = \(id.repositoryID) AND kind = \(id.kind.rawValue) AND position > \(position) ORDER BY position LIMIT \(limit)
            """
        ) { row in
            LifecycleMark(
                position: row.integer(0), imageID: row.integer(1), action: LifecycleRule.Action(column: row.integer(2)),
                rule: row.optionalInteger(3).map(Int.init))
        }
    }

    /// The mark that a sweep has made on an image; nil when it has made none.
    func mark(of id: LifecycleSweep.ID, on imageID: Int64) throws -> LifecycleMark? {
        try first(
            """
            SELECT position, action, rule FROM lifecycle_marks
            WHERE repo_id = \(id.repositoryID) AND kind = \(id.kind.rawValue) AND manifest_id = \(imageID)
            """
        ) { row in
            LifecycleMark(
                position: row.integer(0), imageID: imageID, action: LifecycleRule.Action(column: row.integer(1)),
                rule: row.optionalInteger(2).map(Int.init))
        }
    }

    /// What keeps an image from `action`, by the marks that a sweep has made so far; nil when nothing does.
    func hold(on image: ImageRecord, from action: LifecycleRule.Action, in repository: Repository, _ id: LifecycleSweep.ID) throws -> LifecycleHold? {
        if let subject = image.subject, try self.image(ImageIdentifier(digest: subject), in: repository) != nil { return .subject(subject) }
        return try keepingIndex(of: image, from: action, id).map(LifecycleHold.index)
    }

    /// An index that lists the image and stays: with an archived one an image can be archived, but not expire.
    fileprivate func keepingIndex(of image: ImageRecord, from action: LifecycleRule.Action, _ id: LifecycleSweep.ID) throws -> Digest? {
        let goes: SQL = action == .expire ? "AND k.action = \(action.column)" : ""
        let stays: SQL = action == .expire ? "" : "AND m.status = \(ImageStatus.active.rawValue)"
        return try first(
            """
            SELECT m.digest FROM manifest_children c JOIN manifests m ON m.id = c.parent_id
            WHERE c.repo_id = \(id.repositoryID) AND c.child_id = \(image.rowID) \(sql: stays) AND NOT EXISTS (
                SELECT 1 FROM lifecycle_marks k
                WHERE k.repo_id = c.repo_id AND k.kind = \(id.kind.rawValue) AND k.manifest_id = c.parent_id \(sql: goes)
            ) LIMIT 1
            """
        ) { Digest(bytes: $0.bytes(0)) }.flatMap { $0 }
    }

    /// The images of the repository that refer to `digest`, oldest first.
    func referrers(of digest: Digest, in repository: Repository) throws -> [ImageRecord] {
        try rows(
            """
            SELECT \(sql: ImageRecord.columns) FROM manifests WHERE repo_id = \(repository.rowID) AND subject = \(digest.bytes)
            ORDER BY pushed_at, id
            """, ImageRecord.init)
    }

    /// An index in the archive, or on its way there by this sweep, that lists an image; nil when there is none.
    fileprivate func archivedIndex(of image: ImageRecord, _ id: LifecycleSweep.ID) throws -> Int64? {
        try first(
            """
            SELECT m.id FROM manifest_children c JOIN manifests m ON m.id = c.parent_id
            WHERE c.repo_id = \(id.repositoryID) AND c.child_id = \(image.rowID) AND (m.status = \(ImageStatus.archived.rawValue) OR EXISTS (
                SELECT 1 FROM lifecycle_marks k WHERE k.repo_id = c.repo_id AND k.kind = \(id.kind.rawValue) AND k.manifest_id = c.parent_id
                    AND k.action = \(LifecycleRule.Action.transition.column)
            )) LIMIT 1
            """
        ) { $0.integer(0) }
    }
}

extension WriteTransaction {
    /// Marks an image if the policy takes it and nothing that stays needs it, and with it what refers to it; an untagged image goes
    /// to the archive with the last index that lists it.
    func mark(_ candidate: LifecycleCandidate, by verdict: LifecycleVerdict?, in repository: Repository, _ sweep: inout LifecycleSweep) throws {
        let image = candidate.image
        if let verdict, let action = verdict.action, image.canUndergo(action), try hold(on: image, from: action, in: repository, sweep.id) == nil {
            try mark(image, action, rule: verdict.rule.priority, in: repository, &sweep)
        } else if image.tagCount == 0, image.canUndergo(.transition), let index = try archivedIndex(of: image, sweep.id),
            try hold(on: image, from: .transition, in: repository, sweep.id) == nil
        {
            try mark(image, .transition, rule: mark(of: sweep.id, on: index)?.rule, in: repository, &sweep)
        }
    }

    private func mark(
        _ image: ImageRecord, _ action: LifecycleRule.Action, rule: Int?, in repository: Repository, _ sweep: inout LifecycleSweep
    ) throws {
        let inserted = try execute(
            """
            INSERT INTO lifecycle_marks (repo_id, kind, position, manifest_id, action, rule)
            VALUES (\(sweep.id.repositoryID), \(sweep.id.kind.rawValue), \(sweep.marks + 1), \(image.rowID), \(action.column), \(optional: rule))
            ON CONFLICT (repo_id, kind, manifest_id) DO NOTHING
            """)
        guard inserted == 1 else { return }
        sweep.marks += 1
        switch action {
        case .expire: sweep.expiring += 1
        case .transition: sweep.archiving += 1
        }
        for referrer in try referrers(of: image.digest, in: repository)
        where try referrer.canUndergo(action) && keepingIndex(of: referrer, from: action, sweep.id) == nil {
            try mark(referrer, action, rule: rule, in: repository, &sweep)
        }
    }

    /// Removes up to `limit` marks of a sweep; returns how many there were.
    func clearMarks(of id: LifecycleSweep.ID, limit: Int) throws -> Int {
        try execute(
            """
            DELETE FROM lifecycle_marks WHERE repo_id = \(id.repositoryID) AND kind = \(id.kind.rawValue) AND position IN (
                SELECT position FROM lifecycle_marks WHERE repo_id = \(id.repositoryID) AND kind = \(id.kind.rawValue) LIMIT \(limit)
            )
            """)
    }
}

extension ImageRecord {
    /// False of what the image's status forbids.
    fileprivate func canUndergo(_ action: LifecycleRule.Action) -> Bool {
        switch action {
        case .expire: status != .activating
        case .transition: status == .active
        }
    }
}

extension LifecycleRule.Action {
    /// As `lifecycle_marks.action` has it.
    fileprivate var column: Int64 { self == .expire ? 0 : 1 }

    fileprivate init(column: Int64) { self = column == 0 ? .expire : .transition }
}
