import NIOCore
import Stores
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Memory for one piece of a blob on its way to a client; its owner reads, sends, and only then reads again.
///
/// `@unchecked`: `buffer` is touched by the holder alone, who took the piece from the pool and awaits each use.
final class Piece: @unchecked Sendable {
    let capacity: Int
    private var buffer: ByteBuffer

    fileprivate init(capacity: Int) {
        self.capacity = capacity
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
    }

    /// Up to `count` bytes of a file, in the same memory again where nobody else holds it. Blocks.
    func fill(from descriptor: CInt, at offset: Int64, count: Int) throws -> ByteBuffer {
        buffer.clear()
        let read = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { memory in
            while true {
                let read = pread(descriptor, memory.baseAddress, count, off_t(offset))
                if read >= 0 { return read }
                guard errno == EINTR else { throw BlobStoreError.failed("pread: \(String(cString: strerror(errno)))") }
            }
        }
        return read > 0 ? buffer : ByteBuffer()
    }
}

/// Pieces to be used again: large ones while few are in use, small ones when many are, so that many downloads at once do not
/// need much memory.
final class PiecePool: Sendable {
    private static let large = 1 << 20
    private static let small = 256 << 10
    private static let largeAtOnce = 8

    private struct State {
        var large: [Piece] = []
        var small: [Piece] = []
        var largeInUse = 0
    }

    private let state = Mutex(State())

    func take() -> Piece {
        state.withLock { state in
            guard state.largeInUse < Self.largeAtOnce else { return state.small.popLast() ?? Piece(capacity: Self.small) }
            state.largeInUse += 1
            return state.large.popLast() ?? Piece(capacity: Self.large)
        }
    }

    func give(_ piece: Piece) {
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
