import NIOCore
import Stores
import Synchronization

/// Decrypted parts of objects that were asked for more than once lately: nodes that pull one image at the same time cost its decryption once.
/// Objects never change and their names are never used again, so what is kept is never stale.
final class FrequentParts: Sendable {
    struct Part: Hashable {
        let key: ObjectKey
        /// Its place in the object, in parts.
        let index: Int64
    }

    /// What was asked for; the old ones go when there are too many young ones.
    private struct Asked {
        var young: Set<Part> = []
        var old: Set<Part> = []
    }

    /// Of a part, in bytes.
    static let size = 1 << 20
    /// How many parts one generation knows to have been asked for.
    private static let mostAsked = 2048

    private let parts = RecentContent<Part>(capacity: 31 * size)
    private let asked = Mutex(Asked())

    /// The bytes of `part`, if they are kept.
    func content(of part: Part) -> ByteBuffer? { parts.content(of: part) }

    /// Notes that `part` is asked for; true when it was before.
    func isAskedAgain(_ part: Part) -> Bool {
        asked.withLock { asked in
            if asked.young.contains(part) || asked.old.contains(part) { return true }
            if asked.young.count >= Self.mostAsked { asked = Asked(old: asked.young) }
            asked.young.insert(part)
            return false
        }
    }

    /// Keeps the bytes of `part`.
    func keep(_ content: ByteBuffer, of part: Part) { parts.keep(content, of: part) }

    /// Lets go of all of the object `key`.
    func forget(_ key: ObjectKey) { parts.forget { $0.key == key } }
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
