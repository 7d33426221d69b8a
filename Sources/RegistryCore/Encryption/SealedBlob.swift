import Crypto
import NIOCore
import SealedObjects
import Stores
import Synchronization

/// The plaintext of a sealed object, from any place of it. Reading throws `ObjectDamage` for what is not as it was sealed.
final class SealedBlob: OpenBlob {
    /// What is opened without a change of threads, in bytes.
    private static let little = 64 << 10
    /// What is read from the store in one step where nothing has to be waited for.
    private static let chunksAtOnce = 8

    let size: Int64
    private let base: any OpenBlob
    private let cipher: Mutex<ChunkCipher>
    /// Of an upload, the last bytes, which are not in `base`.
    private let tail: ByteBuffer?
    /// Memory for what is read, unless it is in use.
    private let scratch = Mutex<ReadBuffer?>(nil)

    /// Opens what `base` holds, and closes that in the end, or when it throws. The last chunk is looked at, which says that nothing was cut off.
    init(_ base: any OpenBlob, _ dataKey: SymmetricKey, context: [UInt8]) async throws {
        self.base = base
        tail = nil
        do {
            guard let size = ObjectLayout.size(ofSealed: base.size) else { throw ObjectDamage("its length is impossible") }
            self.size = size
            cipher = Mutex(try await Self.cipher(of: base, dataKey, context))
            if size >= Int64(ObjectLayout.chunk) {
                let last = size / Int64(ObjectLayout.chunk)
                _ = try open(try await base.readSoon(at: ObjectLayout.offset(ofChunk: last), count: ObjectLayout.sealedChunk), from: last, room: nil)
            }
        } catch {
            base.close()
            throw error
        }
    }

    /// Opens an upload as far as it has come: the chunks that `base` holds, and what waits.
    init(upload base: any OpenBlob, _ dataKey: SymmetricKey, _ state: SealingStream.State, context: [UInt8]) async throws {
        self.base = base
        tail = ByteBuffer(bytes: state.tail)
        size = state.count
        do {
            cipher = Mutex(try await Self.cipher(of: base, dataKey, context))
        } catch {
            base.close()
            throw error
        }
    }

    private static func cipher(of base: any OpenBlob, _ dataKey: SymmetricKey, _ context: [UInt8]) async throws -> ChunkCipher {
        let header = try await base.readSoon(at: 0, count: ObjectLayout.header)
        return ChunkCipher(try MessageKeys(dataKey: dataKey, header: Array(header.readableBytesView), context: context), isSealing: false)
    }

    var fileDescriptor: CInt? { nil }

    func read(at offset: Int64, count: Int) async throws -> ByteBuffer {
        try await read(at: offset, count: count, into: ReadBuffer(capacity: min(count + 2 * ObjectLayout.chunk, 1 << 20)))
    }

    func read(at offset: Int64, count: Int, into room: ReadBuffer) async throws -> ByteBuffer {
        let end = min(offset + Int64(count), size)
        guard offset < end else { return ByteBuffer() }
        let stored = tail.map { size - Int64($0.readableBytes) } ?? size
        if offset >= stored, let tail { return tail.getSlice(at: Int(offset - stored), length: Int(end - offset)) ?? ByteBuffer() }
        let first = offset / Int64(ObjectLayout.chunk)
        let last = (min(end, stored) - 1) / Int64(ObjectLayout.chunk)
        let memory = takeScratch((last - first + 1) * Int64(ObjectLayout.sealedChunk))
        defer { giveScratch(memory) }
        let (start, stop) = (ObjectLayout.offset(ofChunk: first), min(ObjectLayout.offset(ofChunk: last + 1), base.size))
        let sealed = try await base.read(at: start, count: Int(stop - start), into: memory)
        guard sealed.readableBytes == Int(stop - start) else { throw ObjectDamage("it is cut off") }
        var bytes =
            sealed.readableBytes <= Self.little
            ? try open(sealed, from: first, room: room)
            // What takes longer must not hold up the other connections of an event loop.
            : try await withTaskExecutorPreference(globalConcurrentExecutor) { try open(sealed, from: first, room: room) }
        bytes.moveReaderIndex(forwardBy: Int(offset - first * Int64(ObjectLayout.chunk)))
        if let tail, end > stored { bytes.writeImmutableBuffer(tail) }
        return bytes.readSlice(length: Int(end - offset)) ?? ByteBuffer()
    }

    func readNow(at offset: Int64, count: Int, into room: ReadBuffer) throws -> ByteBuffer? {
        guard tail == nil else { return nil }
        let end = min(offset + Int64(count), size)
        guard offset < end else { return ByteBuffer() }
        let first = offset / Int64(ObjectLayout.chunk)
        let chunks = Int((end - 1) / Int64(ObjectLayout.chunk) - first) + 1
        let memory = takeScratch(Int64(min(chunks, Self.chunksAtOnce) * ObjectLayout.sealedChunk))
        defer { giveScratch(memory) }
        var bytes = try room.fill(count: chunks * ObjectLayout.chunk) { plain in
            guard let start = plain.baseAddress else { return 0 }
            var done = 0
            // In steps that stay in the processor's caches between the reading and the opening.
            for step in stride(from: 0, to: chunks, by: Self.chunksAtOnce) {
                let place = ObjectLayout.offset(ofChunk: first + Int64(step))
                let wanted = Int(min(Int64(min(chunks - step, Self.chunksAtOnce) * ObjectLayout.sealedChunk), base.size - place))
                guard let sealed = try base.readNow(at: place, count: wanted, into: memory), sealed.readableBytes == wanted else { break }
                done += try open(sealed, from: first + Int64(step), to: start + done)
            }
            return done
        }
        bytes.moveReaderIndex(to: min(bytes.writerIndex, Int(offset - first * Int64(ObjectLayout.chunk))))
        let found = bytes.readSlice(length: min(bytes.readableBytes, Int(end - offset)))
        return found.flatMap { $0.readableBytes > 0 ? $0 : nil }
    }

    func close() { base.close() }

    /// The plaintext of whole sealed chunks, of which `sealed` holds `first` and those that follow.
    private func open(_ sealed: ByteBuffer, from first: Int64, room: ReadBuffer?) throws -> ByteBuffer {
        let count = sealed.readableBytes
        let chunks = (count + ObjectLayout.sealedChunk - 1) / ObjectLayout.sealedChunk
        let plain = count - chunks * ObjectLayout.tag
        let last = count % ObjectLayout.sealedChunk
        guard count > 0, last == 0 || last >= ObjectLayout.tag else { throw ObjectDamage("it is cut off") }
        // One byte at least, so that there is memory for nothing, too.
        return try (room ?? ReadBuffer(capacity: max(plain, 1))).fill(count: max(plain, 1)) { memory in
            guard let base = memory.baseAddress else { return 0 }
            return try open(sealed, from: first, to: base)
        }
    }

    /// Writes the plaintext of whole sealed chunks to `output`, which has room for it; how many bytes that are.
    private func open(_ sealed: ByteBuffer, from first: Int64, to output: UnsafeMutableRawPointer) throws -> Int {
        try sealed.withUnsafeReadableBytes { sealed in
            try cipher.withLock { cipher in
                var done = 0
                for start in stride(from: 0, to: sealed.count, by: ObjectLayout.sealedChunk) {
                    let chunk = UnsafeRawBufferPointer(rebasing: sealed[start..<min(sealed.count, start + ObjectLayout.sealedChunk)])
                    try cipher.open(chunk, at: first + Int64(start / ObjectLayout.sealedChunk), to: output + done)
                    done += chunk.count - ObjectLayout.tag
                }
                return done
            }
        }
    }

    private func takeScratch(_ size: Int64) -> ReadBuffer {
        scratch.withLock { scratch in
            defer { scratch = nil }
            return scratch.flatMap { Int64($0.capacity) >= size ? $0 : nil } ?? ReadBuffer(capacity: Int(size))
        }
    }

    private func giveScratch(_ memory: ReadBuffer) { scratch.withLock { $0 = memory } }
}
