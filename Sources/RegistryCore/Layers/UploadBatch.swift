import NIOCore
import OCI
import Synchronization

/// Bytes of an upload that are gathered, hashed and written together.
final class UploadBatch: Sendable {
    /// How much is gathered at most, in bytes: the next bytes come while these are written.
    static let most = 1 << 20
    /// What is hashed and written in one step, in bytes, so that it stays in the processor's caches between the two.
    private static let step = 256 << 10
    /// How many batches are being written.
    private static let underWay = Atomic<Int>(0)

    private let bytes: Mutex<ByteBuffer>
    private let stream: Mutex<SHA256Stream>
    private let isWritten = Atomic<Bool>(false)
    private let isFirst = Atomic<Bool>(true)

    /// Empty, behind what `hash` is of.
    init(after hash: SHA256Stream) {
        bytes = Mutex(SpareMemory.batches.take())
        stream = Mutex(hash)
    }

    /// In bytes.
    var count: Int { bytes.withLock { $0.readableBytes } }

    /// The hash of all that was written.
    var hash: SHA256Stream { stream.withLock { $0 } }

    /// Gathers `buffer`.
    func append(_ buffer: ByteBuffer) { bytes.withLock { _ = $0.writeImmutableBuffer(buffer) } }

    /// Hashes the bytes and gives them to `append`; does nothing once it has. Blocks.
    func write(_ append: (ByteBuffer) throws -> Void) throws {
        guard !isWritten.load(ordering: .relaxed) else { return }
        let bytes = bytes.withLock { $0 }
        try write(bytes, append)
        isWritten.store(true, ordering: .relaxed)
    }

    private func write(_ bytes: ByteBuffer, _ append: (ByteBuffer) throws -> Void) throws {
        let isAlone = Self.underWay.add(1, ordering: .relaxed).newValue == 1
        defer { Self.underWay.subtract(1, ordering: .relaxed) }
        guard isAlone, bytes.readableBytes > Self.step else {
            for piece in Self.pieces(of: bytes) {
                update(piece)
                try append(piece)
            }
            return
        }
        // One upload alone has two processors; many have one each.
        let hashing = SharedWork { self.update(bytes) }
        hashing.share()
        defer { hashing.finish() }
        // What is written first is on its way to the device while the next is sealed: of a small upload the client waits for all of it.
        if isFirst.load(ordering: .relaxed) { for piece in Self.pieces(of: bytes) { try append(piece) } } else { try append(bytes) }
    }

    /// Forgets the bytes, which are written.
    func clear() {
        bytes.withLock { $0.clear() }
        isWritten.store(false, ordering: .relaxed)
        isFirst.store(false, ordering: .relaxed)
    }

    /// To be called once, in the end.
    func giveBack() {
        bytes.withLock { SpareMemory.batches.give(&$0) }
    }

    private func update(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { memory in stream.withLock { $0.update(memory) } }
    }

    private static func pieces(of bytes: ByteBuffer) -> some Sequence<ByteBuffer> {
        sequence(state: bytes) { rest in
            rest.readableBytes > 0 ? rest.readSlice(length: min(rest.readableBytes, step)) : nil
        }
    }
}
