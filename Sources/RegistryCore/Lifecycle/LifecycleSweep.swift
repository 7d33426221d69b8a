import Lifecycle
import Stores

/// An evaluation of a policy over all images of a repository, as far as it has come.
struct LifecycleSweep: Sendable {
    /// What is done with what the policy takes.
    enum Kind: Int64, Hashable, Sendable {
        /// It goes.
        case policy = 0
        /// It is shown.
        case preview = 1
    }

    /// A repository has at most one sweep of a kind.
    struct ID: Hashable, Sendable {
        let repositoryID: Int64
        let kind: Kind
    }

    enum State: Int64, Sendable {
        /// The marks of an earlier sweep are removed.
        case clearing = 0
        /// The images are looked at.
        case marking = 1
        /// What was marked goes.
        case carryingOut = 2
        case complete = 3
        /// Its marks are removed, and then it is.
        case abandoned = 4
    }

    let id: ID
    var state: State
    /// The policy.
    let text: String
    let startedAt: Timestamp
    /// The last image that was looked at.
    var cursor: Place
    /// As `LifecycleEvaluation.selected`.
    var selected: [Int]
    /// How many images were looked at.
    var images: Int64
    /// How many marks were made.
    var marks: Int64
    /// Of these, how many to expire and how many to archive.
    var expiring: Int64
    var archiving: Int64

    /// A place in the order of the images, newest first.
    struct Place: Hashable, Comparable, Sendable {
        let newSince: Timestamp
        let rowID: Int64

        /// Before all images.
        static let start = Place(newSince: Timestamp(milliseconds: .max), rowID: .max)

        static func < (left: Place, right: Place) -> Bool { (left.newSince, left.rowID) < (right.newSince, right.rowID) }
    }
}

extension LifecycleSweep {
    fileprivate static let columns: SQL =
        "repo_id, kind, state, text, started_at, cursor_at, cursor_id, selected, images, marks, expiring, archiving"

    fileprivate init(_ row: any Row) throws {
        guard let kind = Kind(rawValue: row.integer(1)), let state = State(rawValue: row.integer(2)) else {
            throw DatabaseError.other("lifecycle_sweeps of repository \(row.integer(0)) holds an unknown kind or state")
        }
        self.init(
            id: ID(repositoryID: row.integer(0), kind: kind), state: state, text: row.text(3), startedAt: row.timestamp(4),
            cursor: Place(newSince: row.timestamp(5), rowID: row.integer(6)), selected: row.text(7).split(separator: " ").compactMap { Int($0) },
            images: row.integer(8), marks: row.integer(9), expiring: row.integer(10), archiving: row.integer(11))
    }
}

extension ReadTransaction {
    /// The sweep of an id, open or complete; nil when there is none.
    func sweep(_ id: LifecycleSweep.ID) throws -> LifecycleSweep? {
        try first(
            "SELECT \(sql: LifecycleSweep.columns) FROM lifecycle_sweeps WHERE repo_id = \(id.repositoryID) AND kind = \(id.kind.rawValue)",
            LifecycleSweep.init)
    }

    /// Up to `limit` sweeps that are not complete, the oldest first.
    func openSweeps(limit: Int) throws -> [LifecycleSweep.ID] {
        try rows("SELECT repo_id, kind FROM lifecycle_sweeps WHERE state <> 3 ORDER BY started_at, repo_id, kind LIMIT \(limit)") { row in
            LifecycleSweep.Kind(rawValue: row.integer(1)).map { LifecycleSweep.ID(repositoryID: row.integer(0), kind: $0) }
        }.compactMap { $0 }
    }
}

extension WriteTransaction {
    /// Begins a sweep at this moment, in the place of an earlier one.
    func startSweep(_ id: LifecycleSweep.ID, of text: String) throws {
        try execute("DELETE FROM lifecycle_sweeps WHERE repo_id = \(id.repositoryID) AND kind = \(id.kind.rawValue)")
        let start = LifecycleSweep.Place.start
        try execute(
            """
            INSERT INTO lifecycle_sweeps (repo_id, kind, state, text, started_at, cursor_at, cursor_id)
            VALUES (\(id.repositoryID), \(id.kind.rawValue), \(LifecycleSweep.State.clearing.rawValue), \(text), \(now), \(start.newSince), \(start.rowID))
            """)
    }

    /// Writes down how far a sweep has come.
    func update(_ sweep: LifecycleSweep) throws {
        try execute(
            """
            UPDATE lifecycle_sweeps SET state = \(sweep.state.rawValue), cursor_at = \(sweep.cursor.newSince), cursor_id = \(sweep.cursor.rowID),
                selected = \(sweep.selected.map(String.init).joined(separator: " ")), images = \(sweep.images), marks = \(sweep.marks),
                expiring = \(sweep.expiring), archiving = \(sweep.archiving)
            WHERE repo_id = \(sweep.id.repositoryID) AND kind = \(sweep.id.kind.rawValue)
            """)
    }

    /// Ends a sweep, if there is one, without carrying it out any further.
    func abandonSweep(_ id: LifecycleSweep.ID) throws {
        try execute(
            """
            UPDATE lifecycle_sweeps SET state = \(LifecycleSweep.State.abandoned.rawValue)
            WHERE repo_id = \(id.repositoryID) AND kind = \(id.kind.rawValue)
            """)
    }
}
