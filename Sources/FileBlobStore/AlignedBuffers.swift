import Synchronization

/// Memory for writes that pass by the page cache, used again and again; no more of it than writes were under way at once.
final class AlignedBuffers: Sendable {
    /// `@unchecked`: whoever took the memory out of the pool has it alone until it is given back.
    private struct Buffer: @unchecked Sendable {
        let memory: UnsafeMutableRawBufferPointer
    }

    static let size = 512 << 10
    private let free = Mutex<[Buffer]>([])

    deinit {
        for buffer in free.withLock({ $0 }) { buffer.memory.deallocate() }
    }

    /// Calls `body` with `size` bytes that begin at a multiple of `UploadFile.block`.
    func withBuffer<Value>(_ body: (UnsafeMutableRawBufferPointer) throws -> Value) rethrows -> Value {
        let buffer =
            free.withLock { $0.popLast() } ?? Buffer(memory: .allocate(byteCount: Self.size, alignment: UploadFile.block))
        defer { free.withLock { $0.append(buffer) } }
        return try body(buffer.memory)
    }
}
