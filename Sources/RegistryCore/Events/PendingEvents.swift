import Stores

/// An event that waits for its delivery.
package struct PendingEvent: Hashable, Sendable {
    /// Greater than that of every earlier event of the repository.
    package let id: Int64
    /// Events of one repository are delivered in order.
    package let repositoryID: Int64
    package let notedAt: Timestamp
    /// JSON, on one line.
    package let body: String

    package init(id: Int64, repositoryID: Int64, notedAt: Timestamp, body: String) {
        self.id = id
        self.repositoryID = repositoryID
        self.notedAt = notedAt
        self.body = body
    }
}

extension RegistryServices {
    /// Up to `limit` events for a destination, oldest first, without those of the repositories `held`.
    package func pendingEvents(for destination: EventDestination, without held: [Int64] = [], limit: Int) async throws -> [PendingEvent] {
        try await database.read { transaction in
            let others: SQL = held.isEmpty ? "" : "AND repo_id NOT IN \(list: held)"
            return try transaction.rows(
                "SELECT id, repo_id, at, body FROM events WHERE \(sql: destination.column) = 1 \(sql: others) ORDER BY id LIMIT \(limit)"
            ) { PendingEvent(id: $0.integer(0), repositoryID: $0.integer(1), notedAt: $0.timestamp(2), body: $0.text(3)) }
        }
    }

    /// Says that these events have arrived at a destination; those that have arrived everywhere go.
    package func markDelivered(_ events: [PendingEvent], to destination: EventDestination) async throws {
        guard !events.isEmpty else { return }
        let ids = events.map(\.id)
        try await database.write { transaction in
            try transaction.execute("UPDATE events SET \(sql: destination.column) = 0 WHERE id IN \(list: ids)")
            try transaction.execute("DELETE FROM events WHERE id IN \(list: ids) AND to_file = 0 AND to_webhook = 0")
        }
    }

    /// Drops up to `limit` events that nobody took for too long, the oldest first: those noted before `Limits.eventRetention`,
    /// and those beyond `Limits.eventBacklog`. Returns how many there were.
    package func dropOldEvents(limit: Int) async throws -> Int {
        let limits = limits
        guard try await database.read({ try $0.oldestEvents(limits, limit: 1) }).isEmpty == false else { return 0 }
        return try await database.write { transaction in
            let ids = try transaction.oldestEvents(limits, limit: limit)
            return ids.isEmpty ? 0 : try transaction.execute("DELETE FROM events WHERE id IN \(list: ids)")
        }
    }
}

extension ReadTransaction {
    /// The ids of up to `limit` events that are to be dropped.
    fileprivate func oldestEvents(_ limits: Limits, limit: Int) throws -> [Int64] {
        let expired = try rows("SELECT id, at FROM events ORDER BY id LIMIT \(limit)") { ($0.integer(0), $0.timestamp(1)) }
            .filter { $0.1 <= now - limits.eventRetention }.map(\.0)
        guard expired.isEmpty else { return expired }
        let distance = try first("SELECT (SELECT MAX(id) FROM events) - (SELECT MIN(id) FROM events)") { $0.optionalInteger(0) }
        // Counting reads the whole table; the distance of the ids is never less than the count.
        guard let distance = distance.flatMap({ $0 }), distance >= Int64(limits.eventBacklog) else { return [] }
        let count = try first("SELECT COUNT(*) FROM events") { $0.integer(0) } ?? 0
        let excess = min(Int64(limit), count - Int64(limits.eventBacklog))
        return excess <= 0 ? [] : try rows("SELECT id FROM events ORDER BY id LIMIT \(excess)") { $0.integer(0) }
    }
}
