import Synchronization

/// A few values that are dear to make, by key; emptied when full, so that strangers cannot make it grow.
package final class BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let capacity: Int
    private let values = Mutex<[Key: Value]>([:])

    package init(capacity: Int) { self.capacity = capacity }

    /// The value that was set last; nil when there is none, or no longer.
    package subscript(key: Key) -> Value? {
        get { values.withLock { $0[key] } }
        set {
            values.withLock { values in
                if values.count >= capacity { values.removeAll(keepingCapacity: true) }
                values[key] = newValue
            }
        }
    }
}
