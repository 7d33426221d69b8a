import IAM
import Stores
import Synchronization

/// Gathers the times of pulls in memory, so that no pull waits for a write; `Workers` writes them down. What was gathered since the last
/// write, about a second's, is lost when the server is killed.
package final class PullTimes: Sendable {
    private struct Pull: Hashable {
        let image: Int64
        /// The ARN of the user or role; empty for others, who cannot be excluded.
        let principal: String
    }

    private let database: any Database
    private let clock: any WallClock
    /// The last pull of each image by each principal.
    private let gathered = Mutex<[Pull: Timestamp]>([:])
    private let capacity = 100_000

    init(database: any Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    /// Notes that `caller` pulls an image now: in memory, at once.
    package func note(_ image: ImageKey, by caller: Caller) {
        let pull = Pull(image: image.rowID, principal: caller.excludableARN)
        let now = clock.now
        gathered.withLock { gathered in
            if gathered.count < capacity || gathered[pull] != nil { gathered[pull] = now }
        }
    }

    /// Writes down what was noted, `limit` pulls at most; those of excluded principals are forgotten. Returns the number of pulls.
    @discardableResult
    package func write(limit: Int = .max) async throws -> Int {
        let batch = gathered.withLock { gathered in
            let batch = Dictionary(uniqueKeysWithValues: gathered.prefix(limit).map { ($0.key, $0.value) })
            if batch.count == gathered.count { gathered = [:] } else { for pull in batch.keys { gathered[pull] = nil } }
            return batch
        }
        guard !batch.isEmpty else { return 0 }
        do {
            try await database.write { transaction in
                for (pull, moment) in batch.sorted(by: { $0.key.image < $1.key.image }) {
                    if try transaction.isExcluded(pull.principal, of: pull.image) { continue }
                    try transaction.put(pullOf: pull.image, at: moment)
                }
            }
        } catch {
            gathered.withLock { $0.merge(batch) { newer, _ in newer } }
            throw error
        }
        return batch.count
    }
}

/// A stored image, for what is noted of it.
package struct ImageKey: Hashable, Sendable {
    let rowID: Int64
}

extension StoredImage {
    /// For what is noted of it.
    package var key: ImageKey { ImageKey(rowID: rowID) }
}

extension Registry {
    /// Notes that `caller` pulls an image now: in memory, at once.
    package func notePull(of image: StoredImage, by caller: Caller) { services.pullTimes.note(image.key, by: caller) }
}

extension Caller {
    /// The ARN by which `RegisterPullTimeUpdateExclusion` names who calls.
    fileprivate var excludableARN: String {
        switch kind {
        case .user: arn
        case .role(let arn): arn
        case .root, .federatedUser, .anonymous: ""
        }
    }
}

extension ReadTransaction {
    /// When an image was last pulled by anyone whose pulls count; nil when it never was.
    func lastPull(of image: ImageRecord) throws -> Timestamp? {
        try first("SELECT last_pull_at FROM pulls WHERE manifest_id = \(image.rowID)") { $0.timestamp(0) }
    }

    /// As `lastPull` for each of `images`, by row id.
    func lastPulls(of images: [ImageRecord]) throws -> [Int64: Timestamp] {
        guard !images.isEmpty else { return [:] }
        let found = try rows("SELECT manifest_id, last_pull_at FROM pulls WHERE manifest_id IN \(list: images.map(\.rowID))") { row in
            (row.integer(0), row.timestamp(1))
        }
        return Dictionary(uniqueKeysWithValues: found)
    }

    fileprivate func isExcluded(_ principal: String, of image: Int64) throws -> Bool {
        guard !principal.isEmpty else { return false }
        return try first(
            """
            SELECT 1 FROM manifests m JOIN repos r ON r.id = m.repo_id
            JOIN pull_time_exclusions e ON e.account = r.account AND e.region = r.region AND e.principal = \(principal)
            WHERE m.id = \(image)
            """
        ) { $0.integer(0) } != nil
    }
}

extension WriteTransaction {
    /// Sets the time of the last pull, unless it is later already or the image is gone.
    fileprivate func put(pullOf image: Int64, at moment: Timestamp) throws {
        try execute(
            """
            INSERT INTO pulls (manifest_id, repo_id, last_pull_at)
            SELECT id, repo_id, CAST(\(moment) AS BIGINT) FROM manifests WHERE id = \(image)
            ON CONFLICT (manifest_id) DO UPDATE SET last_pull_at = excluded.last_pull_at WHERE pulls.last_pull_at < excluded.last_pull_at
            """)
    }
}
