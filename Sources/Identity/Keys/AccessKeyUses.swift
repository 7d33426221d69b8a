import AWSCore
import Stores
import Synchronization

/// When, where and for what an access key was last used.
package struct AccessKeyUse: Hashable, Sendable {
    package let usedAt: Timestamp
    /// The signing name.
    package let service: String
    package let region: String
}

/// Gathers the uses of access keys in memory, so that no request waits for the record of its own key; `Workers` writes them down.
/// What was gathered since the last write is lost when the server is killed.
package final class AccessKeyUses: Sendable {
    private let database: any Database
    private let clock: any WallClock
    private let gathered = Mutex<[String: AccessKeyUse]>([:])
    private let capacity = 100_000

    init(database: any Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    /// Notes that the key was used now.
    package func note(_ id: String, service: String, region: Region) {
        let use = AccessKeyUse(usedAt: clock.now, service: service, region: region.description)
        gathered.withLock { gathered in
            if gathered[id] != nil || gathered.count < capacity { gathered[id] = use }
        }
    }

    /// Writes down what was noted, `limit` keys at most; the number of keys.
    @discardableResult
    package func write(limit: Int) async throws -> Int {
        let batch = gathered.withLock { gathered in
            let batch = Dictionary(uniqueKeysWithValues: gathered.prefix(limit).map { ($0.key, $0.value) })
            for id in batch.keys { gathered[id] = nil }
            return batch
        }
        guard !batch.isEmpty else { return 0 }
        do {
            try await database.write { transaction in
                for (id, use) in batch { try AccessKeyUseRecords.put(use, of: id, transaction) }
            }
        } catch {
            gathered.withLock { $0.merge(batch) { newer, _ in newer } }
            throw error
        }
        return batch.count
    }

    /// The last use of a key, written down or not; nil when it was never used.
    func last(of id: String, _ transaction: any ReadTransaction) throws -> AccessKeyUse? {
        if let use = gathered.withLock({ $0[id] }) { return use }
        return try AccessKeyUseRecords.find(id, transaction)
    }
}

/// The SQL of the uses of access keys.
enum AccessKeyUseRecords {
    static func find(_ id: String, _ transaction: any ReadTransaction) throws -> AccessKeyUse? {
        try transaction.first("SELECT used_at, service, region FROM access_key_uses WHERE key_id = \(id)") { row in
            AccessKeyUse(usedAt: row.timestamp(0), service: row.text(1), region: row.text(2))
        }
    }

    static func put(_ use: AccessKeyUse, of id: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO access_key_uses (key_id, used_at, service, region) VALUES (\(id), \(use.usedAt), \(use.service), \(use.region))
            ON CONFLICT (key_id) DO UPDATE SET used_at = excluded.used_at, service = excluded.service, region = excluded.region
            """)
    }

    static func delete(_ id: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute("DELETE FROM access_key_uses WHERE key_id = \(id)")
    }
}
