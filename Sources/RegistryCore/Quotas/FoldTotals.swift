import OCI
import Stores

/// A repository and what it holds.
package struct RepositoryUsage: Hashable, Sendable {
    package let registry: RegistryID
    package let name: String
    package let usage: Usage
}

extension RegistryServices {
    /// Adds up to `limit` notes of pushes and deletions to the totals of their repositories and registries. Returns how many there were.
    package func foldTotals(limit: Int) async throws -> Int {
        guard try await database.read({ try $0.first("SELECT id FROM repo_deltas LIMIT 1") { $0.integer(0) } }) != nil else { return 0 }
        return try await database.write { transaction in
            try transaction.foldDeltas("id IN (SELECT id FROM repo_deltas ORDER BY id LIMIT \(limit))")
        }
    }

    /// What the largest repositories hold, `limit` at most, as folded last.
    package func largestRepositories(limit: Int) async throws -> [RepositoryUsage] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT r.account, r.region, r.name, t.images, t.bytes
                FROM repo_totals t JOIN repos r ON r.id = t.repo_id WHERE r.state = 0 ORDER BY t.bytes DESC, r.id LIMIT \(limit)
                """
            ) { row in
                RepositoryUsage(registry: try RegistryID(row), name: row.text(2), usage: Usage(images: row.integer(3), bytes: row.integer(4)))
            }
        }
    }

    /// What every registry holds, as folded last.
    package func registryUsage() async throws -> [(registry: RegistryID, usage: Usage)] {
        try await database.read { transaction in
            try transaction.rows("SELECT account, region, images, bytes FROM registry_totals ORDER BY account, region") { row in
                (try RegistryID(row), Usage(images: row.integer(2), bytes: row.integer(3)))
            }
        }
    }
}

extension WriteTransaction {
    /// Adds the notes that `condition` selects to the totals. Returns how many there were.
    @discardableResult
    func foldDeltas(_ condition: SQL) throws -> Int {
        let notes = try rows("DELETE FROM repo_deltas WHERE \(sql: condition) RETURNING repo_id, images, bytes") { row in
            (repository: row.integer(0), usage: Usage(images: row.integer(1), bytes: row.integer(2)))
        }
        let sums = Dictionary(notes.map { ($0.repository, $0.usage) }, uniquingKeysWith: +)
        for (repository, sum) in sums.sorted(by: { $0.key < $1.key }) {
            try execute(
                """
                INSERT INTO repo_totals (repo_id, images, bytes) VALUES (\(repository), \(sum.images), \(sum.bytes))
                ON CONFLICT (repo_id) DO UPDATE SET images = repo_totals.images + excluded.images, bytes = repo_totals.bytes + excluded.bytes
                """)
            try addToRegistry(of: repository, sum)
        }
        return notes.count
    }

    /// Takes all that a repository holds out of its registry's total: it is being deleted.
    func discount(_ repository: Repository) throws {
        try foldDeltas("repo_id = \(repository.rowID)")
        let usage = try usage(of: repository)
        try addToRegistry(of: repository.rowID, Usage(images: -usage.images, bytes: -usage.bytes))
    }

    private func addToRegistry(of repository: Int64, _ sum: Usage) throws {
        try execute(
            """
            UPDATE registry_totals SET images = images + \(sum.images), bytes = bytes + \(sum.bytes)
            WHERE (account, region) IN (SELECT account, region FROM repos WHERE id = \(repository))
            """)
    }
}
