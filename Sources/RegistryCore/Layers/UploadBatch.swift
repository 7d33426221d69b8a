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

    private let bytes = Mutex(Gathered())
    private let stream: Mutex<SHA256Stream>
    private let isWritten = Atomic<Bool>(false)

    /// Empty, behind what `hash` is of.
    init(after hash: SHA256Stream) { stream = Mutex(hash) }

    /// In bytes.
    var count: Int { bytes.withLock { $0.count } }

    /// The hash of all that was written.
    var hash: SHA256Stream { stream.withLock { $0 } }

    /// Gathers `buffer`.
    func append(_ buffer: ByteBuffer) { bytes.withLock { $0.append(buffer) } }

    /// Hashes the bytes and gives them to `append`; does nothing once it has. Blocks.
    func write(_ append: (ByteBuffer) throws -> Void) throws {
        guard !isWritten.load(ordering: .relaxed) else { return }
        try write(bytes.withLock { $0.pieces(of: Self.step) }, append)
        isWritten.store(true, ordering: .relaxed)
    }

    private func write(_ pieces: [ByteBuffer], _ append: (ByteBuffer) throws -> Void) throws {
        let isAlone = Self.underWay.add(1, ordering: .relaxed).newValue == 1
        defer { Self.underWay.subtract(1, ordering: .relaxed) }
        guard isAlone, pieces.count > 1 else {
            for piece in pieces {
                update(piece)
                try append(piece)
            }
            return
        }
        // One upload alone has two processors; many have one each.
        let hashing = SharedWork { for piece in pieces { self.update(piece) } }
        hashing.share()
        defer { hashing.finish() }
        // What is written first is on its way to the device while the next is sealed: of a small upload the client waits for all of it.
        for piece in pieces { try append(piece) }
    }

    /// Forgets the bytes, which are written.
    func clear() {
        bytes.withLock { $0.clear() }
        isWritten.store(false, ordering: .relaxed)
    }

    /// To be called once, in the end.
    func giveBack() {
        bytes.withLock { $0.giveBack() }
    }

    private func update(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { memory in stream.withLock { $0.update(memory) } }
    }
}

/// Bytes in the order in which they came. Large ones are kept in the memory that they came in, others are copied, so that a few of them hold no more than that.
private struct Gathered {
    private var before: [ByteBuffer] = []
    private var last = SpareMemory.batches.take()
    private(set) var count = 0

    /// What is kept as it comes, in bytes.
    private static let large = 64 << 10

    mutating func append(_ buffer: ByteBuffer) {
        count += buffer.readableBytes
        guard buffer.readableBytes >= Self.large, buffer.readableBytes * 2 >= buffer.storageCapacity else {
            last.writeImmutableBuffer(buffer)
            return
        }
        if last.readableBytes > 0 {
            before.append(last)
            last = SpareMemory.batches.take()
        }
        before.append(buffer)
    }

    /// All of them, no more than `most` bytes in one.
    func pieces(of most: Int) -> [ByteBuffer] {
        (before + [last]).flatMap { bytes in
            sequence(state: bytes) { rest in
                rest.readableBytes > 0 ? rest.readSlice(length: min(rest.readableBytes, most)) : nil
            }
        }
    }

    mutating func clear() {
        before = []
        last.clear()
        count = 0
    }

    mutating func giveBack() {
        before = []
        SpareMemory.batches.give(&last)
    }
}
