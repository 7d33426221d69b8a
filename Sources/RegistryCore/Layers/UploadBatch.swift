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

    private let bytes = Mutex(GatheredBytes())
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

    /// Hashes the bytes and gives them to `append`; does nothing once it has. Nothing but `giveBack` may follow when it throws. Blocks.
    func write(_ append: (ByteBuffer) throws -> Void) throws {
        guard !isWritten.load(ordering: .relaxed) else { return }
        let isAlone = Self.underWay.add(1, ordering: .relaxed).newValue == 1
        defer { Self.underWay.subtract(1, ordering: .relaxed) }
        // One upload alone has two processors; many have one each.
        try write(inTwoThreads: isAlone && count > Self.step, append)
        isWritten.store(true, ordering: .relaxed)
    }

    /// The same, whether or not it has been done.
    func write(inTwoThreads: Bool, _ append: (ByteBuffer) throws -> Void) throws {
        let pieces = bytes.withLock { $0.pieces(of: Self.step) }
        guard inTwoThreads else {
            for piece in pieces {
                update(piece)
                try append(piece)
            }
            return
        }
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
