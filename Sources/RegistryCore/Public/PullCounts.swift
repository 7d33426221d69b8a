import OCI
import Stores
import Synchronization

/// Counts the pulls from public repositories in memory, so that no pull waits for its record; `Workers` writes them down.
/// What was counted since the last write is lost when the server is killed.
package final class PullCounts: Sendable {
    struct Place: Hashable, Sendable {
        let registry: RegistryID
        let repository: RepositoryName
    }

    private let counted = Mutex<[Place: Int64]>([:])

    /// Counts a pull.
    func note(_ place: Place) { counted.withLock { $0[place, default: 0] += 1 } }

    /// What was counted and not written yet.
    func pending(_ place: Place) -> Int64 { counted.withLock { $0[place] ?? 0 } }

    fileprivate func take(_ limit: Int) -> [(key: Place, value: Int64)] {
        counted.withLock { counted in
            let batch = Array(counted.prefix(limit))
            for place in batch { counted[place.key] = nil }
            return batch
        }
    }

    fileprivate func putBack(_ batch: [(key: Place, value: Int64)]) {
        counted.withLock { counted in
            for (place, count) in batch { counted[place, default: 0] += count }
        }
    }
}

extension Registry {
    /// Counts a pull of an image of a public repository.
    package func notePull(of name: RepositoryName) { services.pulls.note(PullCounts.Place(registry: id, repository: name)) }

    /// How often images of a public repository were pulled. Throws `repositoryNotFound`.
    package func pullCount(of name: RepositoryName) async throws -> Int64 {
        let id = id
        let written = try await database.read { transaction in
            let repository = try transaction.repository(name, in: id)
            return try transaction.first("SELECT pulls FROM repo_pulls WHERE repo_id = \(repository.rowID)") { $0.integer(0) } ?? 0
        }
        return written + services.pulls.pending(PullCounts.Place(registry: id, repository: name))
    }
}

extension RegistryServices {
    /// Writes down the pulls that were counted of up to `limit` repositories; the number of pulls.
    package func writePullCounts(limit: Int) async throws -> Int {
        let batch = pulls.take(limit)
        guard !batch.isEmpty else { return 0 }
        do {
            try await database.write { transaction in
                for (place, count) in batch {
                    // One that was deleted meanwhile needs no count.
                    guard let repository = try transaction.findRepository(place.repository, in: place.registry) else { continue }
                    try transaction.execute(
                        """
                        INSERT INTO repo_pulls (repo_id, pulls) VALUES (\(repository.rowID), \(count))
                        ON CONFLICT (repo_id) DO UPDATE SET pulls = repo_pulls.pulls + excluded.pulls
                        """)
                }
            }
        } catch {
            pulls.putBack(batch)
            throw error
        }
        return Int(batch.reduce(0) { $0 + $1.value })
    }
}
