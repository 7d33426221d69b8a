import NIOCore
import Stores
import Synchronization

/// Decrypted parts of objects that were asked for more than once lately: nodes that pull one image at the same time cost its decryption once.
/// Objects never change and their names are never used again, so what is kept is never stale.
///
/// Two generations: what is asked for moves to the young one; when that is full it becomes the old one, and the old one goes.
final class FrequentParts: Sendable {
    struct Part: Hashable {
        let key: ObjectKey
        /// Its place in the object, in parts.
        let index: Int64
    }

    private struct Generation {
        var parts: [Part: ByteBuffer] = [:]
        var asked: Set<Part> = []
    }

    private struct State {
        var young = Generation()
        var old = Generation()
    }

    /// Of a part, in bytes.
    static let size = 1 << 20
    /// How many parts a generation may have, and how many it knows to have been asked for.
    private static let most = 16
    private static let mostAsked = 2048

    private let state = Mutex(State())

    /// The bytes of `part`, if they are kept.
    func content(of part: Part) -> ByteBuffer? {
        state.withLock { state in
            if let content = state.young.parts[part] { return content }
            guard let content = state.old.parts[part] else { return nil }
            insert(content, of: part, &state)
            return content
        }
    }

    /// Notes that `part` is asked for; true when it was before.
    func isAskedAgain(_ part: Part) -> Bool {
        state.withLock { state in
            if state.young.asked.contains(part) || state.old.asked.contains(part) { return true }
            if state.young.asked.count >= Self.mostAsked {
                state.old.asked = state.young.asked
                state.young.asked = []
            }
            state.young.asked.insert(part)
            return false
        }
    }

    /// Keeps the bytes of `part`.
    func keep(_ content: ByteBuffer, of part: Part) {
        state.withLock { insert(content, of: part, &$0) }
    }

    /// Lets go of all of the object `key`.
    func forget(_ key: ObjectKey) {
        state.withLock { state in
            state.young.parts = state.young.parts.filter { $0.key.key != key }
            state.old.parts = state.old.parts.filter { $0.key.key != key }
        }
    }

    private func insert(_ content: ByteBuffer, of part: Part, _ state: inout State) {
        if state.young.parts.count >= Self.most {
            state.old.parts = state.young.parts
            state.young.parts = [:]
        }
        state.young.parts[part] = content
    }
}

/// Decrypted content that takes from memory what was asked for by others before.
struct SharedContent: OpenBlob {
    /// For fewer bytes no part is decrypted as a whole.
    private static let least = 64 << 10

    let base: any OpenBlob
    let key: ObjectKey
    let parts: FrequentParts

    var size: Int64 { base.size }
    var fileDescriptor: CInt? { nil }

    func read(at offset: Int64, count: Int) async throws -> ByteBuffer {
        if let bytes = try shared(at: offset, count: count), bytes.readableBytes == min(Int64(count), size - offset) { return bytes }
        return try await base.read(at: offset, count: count)
    }

    func read(at offset: Int64, count: Int, into buffer: ReadBuffer) async throws -> ByteBuffer {
        if let bytes = try shared(at: offset, count: count), bytes.readableBytes == min(Int64(count), size - offset) { return bytes }
        return try await base.read(at: offset, count: count, into: buffer)
    }

    func readNow(at offset: Int64, count: Int, into buffer: ReadBuffer) throws -> ByteBuffer? {
        try shared(at: offset, count: count) ?? base.readNow(at: offset, count: count, into: buffer)
    }

    func close() { base.close() }

    /// What is kept of the part in which `offset` lies, or is from now on.
    private func shared(at offset: Int64, count: Int) throws -> ByteBuffer? {
        guard count >= Self.least, offset < size else { return nil }
        let part = FrequentParts.Part(key: key, index: offset / Int64(FrequentParts.size))
        let start = part.index * Int64(FrequentParts.size)
        // Whoever reads a part in pieces asks for it once, with the first.
        guard let content = try parts.content(of: part) ?? (offset == start ? decrypted(part, from: start) : nil) else { return nil }
        let place = Int(offset - start)
        return content.getSlice(at: content.readerIndex + place, length: min(count, content.readableBytes - place))
    }

    /// The part, when it is worth keeping and can be had without waiting.
    private func decrypted(_ part: FrequentParts.Part, from start: Int64) throws -> ByteBuffer? {
        guard parts.isAskedAgain(part) else { return nil }
        let count = Int(min(Int64(FrequentParts.size), size - start))
        let content = try base.readNow(at: start, count: count, into: ReadBuffer(capacity: count))
        guard let content, content.readableBytes == count else { return nil }
        parts.keep(content, of: part)
        return content
    }
}
