import Synchronization

/// What reads of a database gave, kept while nothing was committed since; where the database cannot tell that by itself,
/// everything is read each time.
package final class ReadCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        let version: UInt64
        let value: Value
    }

    private let capacity: Int
    private let entries = Mutex<[Key: Entry]>([:])

    /// Keeps up to `capacity` values; when more are wanted, it begins anew.
    package init(capacity: Int) { self.capacity = capacity }

    /// What `body` gives for `key` on the present state of `database`. Values that `isKept` refuses are read each time.
    package func value(
        for key: Key, in database: any Database, where isKept: (Value) -> Bool = { _ in true },
        _ body: @escaping @Sendable (any ReadTransaction) throws -> Value
    ) async throws -> Value {
        guard let version = database.version else { return try await database.read(body) }
        if let entry = entries.withLock({ $0[key] }), entry.version == version { return entry.value }
        let value = try await database.read(body)
        // A commit in between may or may not be in what was read.
        if database.version == version, isKept(value) { keep(Entry(version: version, value: value), for: key) }
        return value
    }

    private func keep(_ entry: Entry, for key: Key) {
        entries.withLock { entries in
            if entries.count >= capacity { entries.removeAll(keepingCapacity: true) }
            entries[key] = entry
        }
    }
}
