import NIOCore

/// Bytes in the order in which they came. Large pieces stay in the memory that they came in until a small one comes, which is copied, as all behind it are: so that
/// who sends few bytes at a time makes nobody hold the memory that they came in.
struct GatheredBytes {
    /// What may stay where it is, in bytes.
    private static let large = 64 << 10

    private var kept: [ByteBuffer] = []
    private var copied = SpareMemory.batches.take()
    /// In bytes.
    private(set) var count = 0

    /// How much memory is held for them, in bytes.
    var capacity: Int { kept.reduce(copied.storageCapacity) { $0 + $1.storageCapacity } }

    mutating func append(_ buffer: ByteBuffer) {
        count += buffer.readableBytes
        if copied.readableBytes == 0, buffer.readableBytes >= Self.large, buffer.readableBytes * 2 >= buffer.storageCapacity {
            kept.append(buffer)
        } else {
            copied.writeImmutableBuffer(buffer)
        }
    }

    /// All of them, no more than `most` bytes in one.
    func pieces(of most: Int) -> [ByteBuffer] {
        (kept + [copied]).flatMap { bytes in
            sequence(state: bytes) { rest in
                rest.readableBytes > 0 ? rest.readSlice(length: min(rest.readableBytes, most)) : nil
            }
        }
    }

    mutating func clear() {
        kept = []
        copied.clear()
        count = 0
    }

    /// Empties it for good.
    mutating func giveBack() {
        kept = []
        SpareMemory.batches.give(&copied)
        count = 0
    }
}
