import Stores
import Synchronization

/// The images whose restore did not come to its end, each with the time before which it is not tried again. Which images are to be restored is in the
/// database; this keeps only those that cannot be from taking the turn of the others.
final class PostponedRestores: Sendable {
    private let times = Mutex<[Int64: Timestamp]>([:])

    /// Those that are not to be tried at `now`, by row; all others are forgotten.
    func current(at now: Timestamp) -> Set<Int64> {
        times.withLock { times in
            times = times.filter { $0.value > now }
            return Set(times.keys)
        }
    }

    /// Lets an image, by row, wait until `time`.
    func postpone(_ image: Int64, to time: Timestamp) { times.withLock { $0[image] = time } }
}
