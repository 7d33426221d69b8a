import NIOCore
import Synchronization

/// Bytes that were read lately, of small objects or of parts of large ones: configs and tiny layers are asked for again and again, and opening a
/// file costs a change of threads. Objects never change and their names are never used again, so what is kept is never stale.
///
/// Two generations: what is asked for moves to the young one; when that is full it becomes the old one, and the old one goes.
package final class RecentContent<Key: Hashable & Sendable>: Sendable {
    private struct State {
        var young: [Key: ByteBuffer] = [:]
        var old: [Key: ByteBuffer] = [:]
        var youngBytes = 0
    }

    private let state = Mutex(State())
    private let generation: Int

    /// Keeps at most `capacity` bytes.
    package init(capacity: Int) { generation = capacity / 2 }

    /// The bytes of `key`, if they are kept.
    package func content(of key: Key) -> ByteBuffer? {
        state.withLock { state in
            if let content = state.young[key] { return content }
            guard let content = state.old[key] else { return nil }
            insert(content, of: key, &state)
            return content
        }
    }

    /// Keeps the bytes of `key`.
    package func keep(_ content: ByteBuffer, of key: Key) {
        state.withLock { insert(content, of: key, &$0) }
    }

    /// Lets go of the bytes of `key`.
    package func forget(_ key: Key) {
        state.withLock { state in
            if let content = state.young.removeValue(forKey: key) { state.youngBytes -= content.readableBytes }
            state.old[key] = nil
        }
    }

    /// Lets go of the bytes of all keys that `matches` is true of. Looks at each.
    package func forget(where matches: (Key) -> Bool) {
        state.withLock { state in
            state.young = state.young.filter { !matches($0.key) }
            state.youngBytes = state.young.values.reduce(0) { $0 + $1.readableBytes }
            state.old = state.old.filter { !matches($0.key) }
        }
    }

    private func insert(_ content: ByteBuffer, of key: Key, _ state: inout State) {
        guard state.young.updateValue(content, forKey: key) == nil else { return }
        state.youngBytes += content.readableBytes
        guard state.youngBytes > generation else { return }
        state.old = state.young
        state.young = [:]
        state.youngBytes = 0
    }
}

/// An object whose bytes are in memory.
package struct ContentInMemory: OpenBlob {
    let content: ByteBuffer

    package init(content: ByteBuffer) { self.content = content }

    package var size: Int64 { Int64(content.readableBytes) }
    package var fileDescriptor: CInt? { nil }

    package func read(at offset: Int64, count: Int) async throws -> ByteBuffer { bytes(at: offset, count: count) }

    package func readNow(at offset: Int64, count: Int, into buffer: ReadBuffer) throws -> ByteBuffer? { bytes(at: offset, count: count) }

    private func bytes(at offset: Int64, count: Int) -> ByteBuffer {
        let count = Int(min(Int64(count), max(0, size - offset)))
        return content.getSlice(at: content.readerIndex + Int(offset), length: count) ?? ByteBuffer()
    }

    package func close() {}
}
