import Stores

extension RegistryServices {
    /// Drops up to `limit` events that nobody took for too long, the oldest first: those noted before `Limits.eventRetention`, those
    /// beyond `Limits.eventBacklog`, and of those that nothing wants yet those beyond `Limits.unclaimedEvents`. Returns how many there were.
    package func dropOldEvents(limit: Int) async throws -> Int {
        let limits = limits
        guard try await database.read({ try $0.eventsToDrop(limits, limit: 1) }).isEmpty == false else { return 0 }
        return try await database.write { transaction in
            let ids = try transaction.eventsToDrop(limits, limit: limit)
            return ids.isEmpty ? 0 : try transaction.execute("DELETE FROM events WHERE id IN \(list: ids)")
        }
    }
}

extension ReadTransaction {
    /// The ids of up to `limit` events that are to be dropped.
    fileprivate func eventsToDrop(_ limits: Limits, limit: Int) throws -> [Int64] {
        let expired = try rows("SELECT id, at FROM events ORDER BY id LIMIT \(limit)") { ($0.integer(0), $0.timestamp(1)) }
            .filter { $0.1 <= now - limits.eventRetention }.map(\.0)
        guard expired.isEmpty else { return expired }
        let beyond = try events("id > 0", beyond: limits.eventBacklog, limit: limit)
        return beyond.isEmpty ? try events("to_file = 0 AND to_webhook = 0", beyond: limits.unclaimedEvents, limit: limit) : beyond
    }

    /// The ids of up to `limit` of those events of a condition that are too many, the oldest first.
    private func events(_ condition: SQL, beyond most: Int, limit: Int) throws -> [Int64] {
        let ends = try first(
            "SELECT (SELECT MIN(id) FROM events WHERE \(sql: condition)), (SELECT MAX(id) FROM events WHERE \(sql: condition))"
        ) { ($0.optionalInteger(0), $0.optionalInteger(1)) }
        // Counting reads all of them; the distance of the ids is never less than the count.
        guard let oldest = ends?.0, let newest = ends?.1, newest - oldest >= Int64(most) else { return [] }
        let count = try first("SELECT COUNT(*) FROM events WHERE \(sql: condition)") { $0.integer(0) } ?? 0
        let excess = min(Int64(limit), count - Int64(most))
        return excess <= 0 ? [] : try rows("SELECT id FROM events WHERE \(sql: condition) ORDER BY id LIMIT \(excess)") { $0.integer(0) }
    }
}
