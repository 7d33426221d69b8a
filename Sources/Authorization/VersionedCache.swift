import AWSCore

/// Values that hold for one state of the database, which `AuthorizationChanges` numbers.
struct VersionedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let values: BoundedCache<Key, (version: Int64, value: Value)>

    init(capacity: Int) { values = BoundedCache(capacity: capacity) }

    /// The value of `key` at `version`: the one that was made at this version before, or what `make` makes, if it can.
    func value(of key: Key, at version: Int64, make: () throws -> Value?) rethrows -> Value? {
        if let known = values[key], known.version == version { return known.value }
        guard let value = try make() else { return nil }
        values[key] = (version, value)
        return value
    }
}
