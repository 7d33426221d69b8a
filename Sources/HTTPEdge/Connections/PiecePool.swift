import Stores
import Synchronization

/// Pieces to be used again: large ones while few are in use, smaller ones the more there are, so that many downloads at once, most of which wait for
/// their clients then, do not need much memory.
final class PiecePool: Sendable {
    /// Of a piece, in bytes, and how many of the size may be in use; of the last any number.
    private static let sizes = [(bytes: 1 << 20, most: 8), (bytes: 256 << 10, most: 128), (bytes: 32 << 10, most: Int.max)]
    /// How many of each size are kept.
    private static let kept = 64

    private struct Size {
        var free: [ReadBuffer] = []
        var inUse = 0
    }

    private let state = Mutex(PiecePool.sizes.map { _ in Size() })

    func take() -> ReadBuffer {
        state.withLock { state in
            let size = state.indices.first { state[$0].inUse < Self.sizes[$0].most } ?? state.count - 1
            state[size].inUse += 1
            return state[size].free.popLast() ?? ReadBuffer(capacity: Self.sizes[size].bytes)
        }
    }

    func give(_ piece: ReadBuffer) {
        state.withLock { state in
            guard let size = Self.sizes.firstIndex(where: { $0.bytes == piece.capacity }) else { return }
            state[size].inUse -= 1
            if state[size].free.count < Self.kept { state[size].free.append(piece) }
        }
    }
}
