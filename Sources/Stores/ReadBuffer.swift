import NIOCore

/// Memory that is read into again and again; its owner reads, uses what came, and only then reads again.
///
/// `@unchecked`: `buffer` is touched by the holder alone, who awaits each use.
package final class ReadBuffer: @unchecked Sendable {
    /// In bytes.
    package let capacity: Int
    private var buffer: ByteBuffer

    /// Has `capacity` bytes at once, and takes more when they are needed.
    package init(capacity: Int) {
        self.capacity = capacity
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
    }

    /// What `body` writes into `count` bytes of memory, as many as it says: the same memory again where nobody else holds it.
    package func fill(count: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows -> ByteBuffer {
        buffer.clear()
        try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { try body(UnsafeMutableRawBufferPointer(rebasing: $0[..<count])) }
        return buffer
    }
}
