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
            let held = try held + transaction.namesakesOfDeletedRepositories()
            let others: SQL = held.isEmpty ? "" : "AND repo_id NOT IN \(list: held)"
            return try transaction.rows(
                "SELECT id, repo_id, at, body FROM events WHERE \(sql: destination.column) = 1 \(sql: others) ORDER BY id LIMIT \(limit)"
            ) { PendingEvent(id: $0.integer(0), repositoryID: $0.integer(1), notedAt: $0.timestamp(2), body: $0.text(3)) }
        }
    }

    /// When the oldest event was noted that waits for a destination; nil when none does.
    package func oldestPendingEvent(for destination: EventDestination) async throws -> Timestamp? {
        try await database.read { transaction in
            try transaction.first("SELECT at FROM events WHERE \(sql: destination.column) = 1 ORDER BY id LIMIT 1") { $0.timestamp(0) }
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

    /// Lets the destinations that there now are have the events of the time in which there were none. Returns how many there were.
    @discardableResult
    package func claimEvents() async throws -> Int {
        let destinations = events.destinations
        guard !destinations.isEmpty else { return 0 }
        return try await database.write { transaction in
            try transaction.execute(
                """
                UPDATE events SET to_file = \(destinations.contains(.file)), to_webhook = \(destinations.contains(.webhook))
                WHERE to_file = 0 AND to_webhook = 0
                """)
        }
    }
}

extension ReadTransaction {
    /// Repositories that have the name of an older one whose images are still being removed: that one's events come first.
    fileprivate func namesakesOfDeletedRepositories() throws -> [Int64] {
        try rows(
            """
            SELECT n.id FROM repos d JOIN repos n ON n.account = d.account AND n.region = d.region AND n.name = d.name
            WHERE d.state = 1 AND (n.created_at, n.id) > (d.created_at, d.id)
            """
        ) { $0.integer(0) }
    }
}
