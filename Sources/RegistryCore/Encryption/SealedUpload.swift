import NIOCore
import OCI
import SealedObjects
import Stores
import Synchronization

/// Seals what is appended, in as many layers as there are keys, on its way to a file. What waits for a whole chunk is in `states`, and not in
/// the file: who wants to go on later keeps them.
final class SealedUpload: BlobAppending {
    /// One state for each layer, the innermost first.
    typealias States = [SealingStream.State]

    private let file: any BlobAppending
    private let layers: SealingLayers

    /// Begins the object `key` in `file`, which is empty.
    init(_ file: any BlobAppending, beginning key: ObjectKey, in domain: String, with keys: BlobKeys, _ ids: any IDSource) {
        self.file = file
        let streams = keys.keys.enumerated().map { layer, dataKey in
            SealingStream(
                dataKey: dataKey, salt: ids.randomBytes(MessageKeys.saltSize), context: SealContext.object(key, in: domain, layer: layer))
        }
        layers = SealingLayers(streams)
    }

    /// Goes on with it from `states`; `file` is open where they end.
    init(_ file: any BlobAppending, resuming key: ObjectKey, in domain: String, with keys: BlobKeys, from states: States) {
        self.file = file
        let streams = zip(keys.keys, states).enumerated().map { layer, next in
            SealingStream(dataKey: next.0, from: next.1, context: SealContext.object(key, in: domain, layer: layer))
        }
        layers = SealingLayers(streams)
    }

    var states: States { layers.states }

    func write(_ body: @escaping AppendingBody) async throws {
        try await file.write { [layers] append in
            try body { bytes in try append(layers.seal(bytes)) }
        }
    }

    func synchronize() async throws { try await file.synchronize() }

    /// Ends the message, too.
    func commit(as object: ObjectKey, after body: @escaping AppendingBody, durable: @escaping @Sendable () -> Void) async throws {
        let sealing: AppendingBody = { [layers] append in
            try body { bytes in try append(layers.seal(bytes)) }
            try append(layers.end())
        }
        try await file.commit(as: object, after: sealing, durable: durable)
    }

    func close() async { await file.close() }
}

/// The streams of an upload, each of which seals what comes out of the one before it.
private final class SealingLayers: Sendable {
    private struct State {
        let streams: [SealingStream]
        var outputs: [ByteBuffer]
        var isEnded = false

        mutating func seal(_ bytes: ByteBuffer, isLast: Bool) -> ByteBuffer {
            var bytes = bytes
            for (index, stream) in streams.enumerated() {
                outputs[index].clear()
                outputs[index].reserveCapacity(Int(ObjectLayout.sealedSize(of: Int64(bytes.readableBytes + ObjectLayout.chunk))))
                stream.append(bytes, to: &outputs[index])
                if isLast { stream.finish(to: &outputs[index]) }
                bytes = outputs[index]
            }
            return bytes
        }
    }

    private let state: Mutex<State>

    init(_ streams: sending [SealingStream]) {
        let outputs = streams.map { _ in SpareMemory.sealed.take() }
        state = Mutex(State(streams: streams, outputs: outputs))
    }

    deinit {
        state.withLock { state in
            for layer in state.outputs.indices { SpareMemory.sealed.give(&state.outputs[layer]) }
        }
    }

    var states: SealedUpload.States { state.withLock { $0.streams.map(\.state) } }

    /// What comes out of the last layer for `bytes`.
    func seal(_ bytes: ByteBuffer) -> ByteBuffer { state.withLock { $0.seal(bytes, isLast: false) } }

    /// What is left; nothing the second time, since no chunk may be sealed twice.
    func end() -> ByteBuffer {
        state.withLock { state in
            guard !state.isEnded else { return ByteBuffer() }
            state.isEnded = true
            return state.seal(ByteBuffer(), isLast: true)
        }
    }
}

/// An object that is written in one go, sealed where there are keys for it.
struct NewObject {
    private let key: ObjectKey
    private let file: any BlobAppending
    private let keys: BlobKeys?
    private var count: Int64 = 0

    /// Begins the object `key` in `store`; without `keys` it stays plain.
    init(_ key: ObjectKey, in store: any BlobStore, domain: String, keys: BlobKeys?, _ ids: any IDSource) async throws {
        self.key = key
        self.keys = keys
        let raw = try await store.append(to: key, at: 0)
        file = keys.map { SealedUpload(raw, beginning: key, in: domain, with: $0, ids) } ?? raw
    }

    mutating func write(_ bytes: ByteBuffer) async throws {
        count += Int64(bytes.readableBytes)
        try await file.write(bytes)
    }

    /// Ends the object and makes it durable; the size of what is stored.
    consuming func finish() async throws -> Int64 {
        do {
            try await file.commit(as: key)
        } catch {
            await file.close()
            throw error
        }
        await file.close()
        return keys?.sealedSize(of: count) ?? count
    }

    /// Gives back what is held.
    consuming func abandon() async { await file.close() }
}
