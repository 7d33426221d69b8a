import AWSCore
import Stores

/// What was looked up of credentials, remembered until something changes that authorization rests on; between commits, the
/// database is not even asked for that.
final class CurrentFacts<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Known: Sendable {
        let changes: Int64
        let value: Value
    }

    private let changes = AuthorizationChanges.remembered()
    private let known: BoundedCache<Key, Known>

    init(capacity: Int) { known = BoundedCache(capacity: capacity) }

    /// What is known of `key` and still holds; nil when it must be looked up.
    func remembered(for key: Key, in database: any Database) async throws -> Value? {
        guard let known = known[key] else { return nil }
        let count = try await changes.value(for: true, in: database) { try AuthorizationChanges.count($0) }
        return known.changes == count ? known.value : nil
    }

    /// What `body` gives for `key` now. Values that `isKept` refuses are looked up each time: those that strangers could ask for
    /// without end.
    func value(
        for key: Key, in database: any Database, where isKept: (Value) -> Bool, _ body: @escaping @Sendable (any ReadTransaction) throws -> Value
    ) async throws -> Value {
        let count = try await changes.value(for: true, in: database) { try AuthorizationChanges.count($0) }
        if let known = known[key], known.changes == count { return known.value }
        let found = try await database.read { Known(changes: try AuthorizationChanges.count($0), value: try body($0)) }
        if isKept(found.value) { known[key] = found }
        return found.value
    }
}
