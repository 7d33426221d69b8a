import Synchronization

/// A few values that are dear to make, by key; emptied when full, so that strangers cannot make it grow.
///
/// It is asked several times for each pull, so its users' modules get the code for their own types; the compiler carries only what is
/// public from one module into another.
public final class BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    @usableFromInline let capacity: Int
    @usableFromInline let values = Mutex<[Key: Value]>([:])

    @inlinable
    public init(capacity: Int) { self.capacity = capacity }

    /// The value that was set last; nil when there is none, or no longer.
    @inlinable
    public subscript(key: Key) -> Value? {
        get { values.withLock { $0[key] } }
        set {
            values.withLock { values in
                if values.count >= capacity { values.removeAll(keepingCapacity: true) }
                values[key] = newValue
            }
        }
    }
}
