import OCI
import Stores

extension Registry {
    /// From now on the pulls of a principal are not recorded; returns when this began. Throws `exclusionExists`, `tooManyExclusions`.
    package func addPullTimeExclusion(_ principal: String) async throws -> Timestamp {
        // The pulls until now count.
        try await services.pullTimes.write()
        let (id, limit) = (id, limits.pullTimeExclusions)
        return try await database.write { transaction in
            let inserted = try transaction.execute(
                """
                INSERT INTO pull_time_exclusions (account, region, principal, created_at)
                VALUES (\(id.account.description), \(id.region.description), \(principal), \(transaction.now))
                ON CONFLICT (account, region, principal) DO NOTHING
                """)
            guard inserted == 1 else { throw RegistryError.exclusionExists(principal: principal) }
            guard try transaction.exclusions(after: "", in: id, limit: limit + 1).count <= limit else {
                throw RegistryError.tooManyExclusions(limit: limit)
            }
            return transaction.now
        }
    }

    /// From now on the pulls of a principal are recorded again. Throws `exclusionNotFound`.
    package func removePullTimeExclusion(_ principal: String) async throws {
        // The pulls until now do not count.
        try await services.pullTimes.write()
        let id = id
        try await database.write { transaction in
            let removed = try transaction.execute(
                """
                DELETE FROM pull_time_exclusions
                WHERE account = \(id.account.description) AND region = \(id.region.description) AND principal = \(principal)
                """)
            guard removed == 1 else { throw RegistryError.exclusionNotFound(principal: principal) }
        }
    }

    /// Up to `limit` principals whose pulls are not recorded, after `principal` in byte order.
    package func pullTimeExclusions(after principal: String?, limit: Int) async throws -> Page<String, String> {
        let id = id
        let found = try await database.read { try $0.exclusions(after: principal ?? "", in: id, limit: limit + 1) }
        return Page(found, limit: limit) { $0 }
    }
}

extension ReadTransaction {
    fileprivate func exclusions(after principal: String, in registry: RegistryID, limit: Int) throws -> [String] {
        try rows(
            """
            SELECT principal FROM pull_time_exclusions
            WHERE account = \(registry.account.description) AND region = \(registry.region.description) AND principal > \(principal)
            ORDER BY principal LIMIT \(limit)
            """
        ) { $0.text(0) }
    }
}
