import NIOCore
import Synchronization

/// Memory that goes from upload to upload: its pages would otherwise have to be got from the kernel anew for each.
final class SpareMemory: Sendable {
    /// In which bytes of uploads are gathered.
    static let batches = SpareMemory(most: 24)
    /// In which they are sealed.
    static let sealed = SpareMemory(most: 24)

    private static let largest = 2 * UploadBatch.most

    private let most: Int
    private let spare = Mutex<[ByteBuffer]>([])

    /// Keeps `most` buffers at most.
    private init(most: Int) { self.most = most }

    /// An empty buffer, of any capacity.
    func take() -> ByteBuffer { spare.withLock { $0.popLast() } ?? ByteBuffer() }

    /// Takes back `memory`, of which nobody else may have a part: an empty buffer is left of it.
    func give(_ memory: inout ByteBuffer) {
        memory.clear()
        var given = ByteBuffer()
        swap(&given, &memory)
        guard given.capacity > 0, given.capacity <= Self.largest else { return }
        spare.withLock { if $0.count < most { $0.append(given) } }
    }
}
