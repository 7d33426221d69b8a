import Stores
import Synchronization

/// Pieces to be used again: large ones while few are in use, small ones when many are, so that many downloads at once do not
/// need much memory.
final class PiecePool: Sendable {
    private static let large = 1 << 20
    private static let small = 256 << 10
    private static let largeAtOnce = 8

    private struct State {
        var large: [ReadBuffer] = []
        var small: [ReadBuffer] = []
        var largeInUse = 0
    }

    private let state = Mutex(State())

    func take() -> ReadBuffer {
        state.withLock { state in
            guard state.largeInUse < Self.largeAtOnce else { return state.small.popLast() ?? ReadBuffer(capacity: Self.small) }
            state.largeInUse += 1
            return state.large.popLast() ?? ReadBuffer(capacity: Self.large)
        }
    }

    func give(_ piece: ReadBuffer) {
        state.withLock { state in
            if piece.capacity == Self.large {
                state.largeInUse -= 1
                state.large.append(piece)
            } else if state.small.count < 64 {
                state.small.append(piece)
            }
        }
    }
}
