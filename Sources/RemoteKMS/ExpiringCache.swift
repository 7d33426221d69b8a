import Stores
import Synchronization

/// Values that are good for a short time, up to a number of them.
final class ExpiringCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        let expires: Timestamp
        let value: Value
    }

    private let life: Duration
    private let capacity: Int
    private let clock: any WallClock
    private let entries = Mutex<[Key: Entry]>([:])

    /// Keeps up to `capacity` values for `life`.
    init(life: Duration, capacity: Int, clock: any WallClock) {
        self.life = life
        self.capacity = capacity
        self.clock = clock
    }

    /// The value that was set within the cache's lifetime; nil when there is none. When more are set than there is room for, it begins anew.
    subscript(key: Key) -> Value? {
        get {
            let now = clock.now
            return entries.withLock { entries in
                guard let entry = entries[key] else { return nil }
                if entry.expires > now { return entry.value }
                entries[key] = nil
                return nil
            }
        }
        set {
            let now = clock.now
            entries.withLock { entries in
                if entries.count >= capacity { entries = entries.filter { $0.value.expires > now } }
                if entries.count >= capacity { entries.removeAll(keepingCapacity: true) }
                entries[key] = newValue.flatMap { life > .zero ? Entry(expires: now + life, value: $0) : nil }
            }
        }
    }

    /// Forgets what `isUnwanted` says of.
    func removeAll(where isUnwanted: (Key) -> Bool) {
        entries.withLock { entries in entries = entries.filter { !isUnwanted($0.key) } }
    }
}
