import Synchronization

/// What reads of a database gave, kept while nothing was committed since; where the database cannot tell that by itself,
/// everything is read each time.
package final class ReadCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        let version: UInt64
        let value: Value
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        /// How often something was forgotten.
        var losses = 0
    }

    private let capacity: Int
    private let version: @Sendable (any Database) -> UInt64?
    private let state = Mutex(State())

    /// Keeps up to `capacity` values while the database's `version` is the same; when more are wanted, it begins anew.
    package init(capacity: Int, while version: @escaping @Sendable (any Database) -> UInt64? = { $0.version }) {
        self.capacity = capacity
        self.version = version
    }

    /// What `body` gives for `key` on the present state of `database`. Values that `isKept` refuses are read each time.
    package func value(
        for key: Key, in database: any Database, where isKept: (Value) -> Bool = { _ in true },
        _ body: @escaping @Sendable (any ReadTransaction) throws -> Value
    ) async throws -> Value {
        guard let version = version(database) else { return try await database.read(body) }
        let (entry, losses) = state.withLock { ($0.entries[key], $0.losses) }
        if let entry, entry.version == version { return entry.value }
        let value = try await database.read(body)
        // A commit in between may or may not be in what was read.
        if self.version(database) == version, isKept(value) { keep(Entry(version: version, value: value), for: key, unless: losses) }
        return value
    }

    /// What is kept for `key`, of whatever state of the database; nil when nothing is.
    package func known(for key: Key) -> Value? { state.withLock { $0.entries[key]?.value } }

    /// Forgets the values that `isGone` selects, for who changed them by `Database.writeAside`, right after it. What is being read meanwhile may be of
    /// the time before, and is not kept.
    package func forget(where isGone: (Value) -> Bool) {
        state.withLock { state in
            state.losses += 1
            for key in state.entries.compactMap({ isGone($0.value.value) ? $0.key : nil }) { state.entries[key] = nil }
        }
    }

    private func keep(_ entry: Entry, for key: Key, unless losses: Int) {
        state.withLock { state in
            guard state.losses == losses else { return state.entries[key] = nil }
            if state.entries.count >= capacity { state.entries.removeAll(keepingCapacity: true) }
            state.entries[key] = entry
        }
    }
}
