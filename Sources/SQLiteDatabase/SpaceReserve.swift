import Foundation
import Stores
import Synchronization

/// Room on the device of the database that only what gives space back may use: a file of nothing, which is given up when the device is full.
/// Until there is room to take it again, nothing else may write: it would use up what deletions need.
final class SpaceReserve: Sendable {
    private enum State {
        case kept
        /// There was no room for it when the database was opened.
        case absent
        case givenUp(triedAt: ContinuousClock.Instant)
    }

    private let path: String
    private let size: Int
    private let state: Mutex<State>

    /// `size` bytes in the file at `path`, where there is room.
    init(path: String, size: Int) {
        self.path = path
        self.size = size
        state = Mutex(Self.allocate(path, size) ? .kept : .absent)
    }

    /// True while anybody may write. Looks, once a second, whether there is room again.
    func permitsWriting() -> Bool {
        state.withLock { state in
            guard case .givenUp(let last) = state else { return true }
            guard .now - last >= .seconds(1) else { return false }
            let isKept = Self.allocate(path, size)
            state = isKept ? .kept : .givenUp(triedAt: .now)
            return isKept
        }
    }

    /// Makes room; false when there was none kept.
    func giveUp() -> Bool {
        state.withLock { state in
            guard case .kept = state, truncate(path, 0) == 0 else { return false }
            state = .givenUp(triedAt: .now)
            return true
        }
    }

    private static func allocate(_ path: String, _ size: Int) -> Bool {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        if posix_fallocate(descriptor, 0, off_t(size)) == 0 { return true }
        // What was allocated before the end of the room would be missing for deletions.
        ftruncate(descriptor, 0)
        return false
    }
}
