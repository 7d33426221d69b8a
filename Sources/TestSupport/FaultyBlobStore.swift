import NIOCore
import Stores
import Synchronization

/// What goes wrong in a `FaultyBlobStore`, and when.
package struct Fault: Sendable {
    /// The calls that can fail.
    package enum Call: Hashable, Sendable, CaseIterable {
        case open, size, read, append, write, synchronize, openUpload, commit, cancel, delete, list
    }

    /// Whether the call's effect takes place before it fails.
    package enum Moment: Sendable {
        case before
        /// The work is done, but its caller is told that it failed: an unknown outcome.
        case after
    }

    package let call: Call
    /// Which of the calls of this kind, from 1, counted from the start of the store.
    package let occurrence: Int
    package let moment: Moment
    package let error: BlobStoreError

    package init(_ call: Call, _ occurrence: Int = 1, _ moment: Moment = .before, error: BlobStoreError = .failed("injected")) {
        self.call = call
        self.occurrence = occurrence
        self.moment = moment
        self.error = error
    }
}

/// A blob store that fails by plan and otherwise does what the one behind it does.
package final class FaultyBlobStore: BlobReading, BlobIngesting, BlobMaintaining {
    private let base: any BlobStore
    private let state: Mutex<(plan: [Fault], counts: [Fault.Call: Int])>

    package init(_ base: any BlobStore, plan: [Fault] = []) {
        self.base = base
        state = Mutex((plan, [:]))
    }

    /// Adds to the plan: the next call of this kind fails.
    package func failNext(_ call: Fault.Call, _ moment: Fault.Moment = .before, error: BlobStoreError = .failed("injected")) {
        state.withLock { $0.plan.append(Fault(call, $0.counts[call, default: 0] + 1, moment, error: error)) }
    }

    /// Adds to the plan: of the calls of this kind from now on the `number`th fails, from 1.
    package func fail(_ call: Fault.Call, at number: Int) {
        state.withLock { $0.plan.append(Fault(call, $0.counts[call, default: 0] + number)) }
    }

    /// How often `call` was made; each name that was removed together with others counts as a deletion.
    package func count(_ call: Fault.Call) -> Int { state.withLock { $0.counts[call, default: 0] } }

    package func open(_ key: ObjectKey) async throws -> any OpenBlob {
        FaultyBlob(base: try await passing(.open) { try await base.open(key) }, store: self)
    }

    package func size(of key: ObjectKey) async throws -> Int64? {
        try await passing(.size) { try await base.size(of: key) }
    }

    package func append(to key: ObjectKey, at offset: Int64) async throws -> any BlobAppending {
        FaultyAppending(base: try await passing(.append) { try await base.append(to: key, at: offset) }, store: self)
    }

    package func begin(_ key: ObjectKey) async throws -> any BlobAppending {
        FaultyAppending(base: try await passing(.append) { try await base.begin(key) }, store: self)
    }

    package func openUpload(_ key: ObjectKey) async throws -> any OpenBlob {
        FaultyBlob(base: try await passing(.openUpload) { try await base.openUpload(key) }, store: self)
    }

    package func commit(_ upload: ObjectKey, size: Int64, as object: ObjectKey) async throws {
        try await passing(.commit) { try await base.commit(upload, size: size, as: object) }
    }

    package func durableSize(of key: ObjectKey) async throws -> Int64? {
        try await passing(.size) { try await base.durableSize(of: key) }
    }

    package func cut(_ upload: ObjectKey, to size: Int64) async throws { try await base.cut(upload, to: size) }

    package func cancel(_ upload: ObjectKey) async throws {
        try await passing(.cancel) { try await base.cancel(upload) }
    }

    package func delete(_ key: ObjectKey) async throws {
        try await passing(.delete) { try await base.delete(key) }
    }

    package func remove(_ keys: [ObjectKey]) async throws {
        try await passing(.delete) { try await base.remove(keys) }
        state.withLock { $0.counts[.delete, default: 0] += max(0, keys.count - 1) }
    }

    package func list(_ visit: @Sendable (ObjectKey, Int64) async throws -> Void) async throws {
        try await passing(.list) { try await base.list(visit) }
    }

    /// True while a call of this kind is still to fail.
    fileprivate func plans(_ call: Fault.Call) -> Bool {
        state.withLock { state in state.plan.contains { $0.call == call && $0.occurrence > state.counts[call, default: 0] } }
    }

    fileprivate func passing<Value>(_ call: Fault.Call, _ body: () async throws -> Value) async throws -> Value {
        let fault = state.withLock { state in
            let occurrence = state.counts[call, default: 0] + 1
            state.counts[call] = occurrence
            return state.plan.first { $0.call == call && $0.occurrence == occurrence }
        }
        guard let fault else { return try await body() }
        if fault.moment == .after { _ = try await body() }
        throw fault.error
    }
}

private struct FaultyBlob: OpenBlob {
    let base: any OpenBlob
    let store: FaultyBlobStore

    var size: Int64 { base.size }
    var fileDescriptor: CInt? { base.fileDescriptor }

    func read(at offset: Int64, count: Int) async throws -> ByteBuffer {
        try await store.passing(.read) { try await base.read(at: offset, count: count) }
    }

    /// Nothing while a read is to fail, which is then one that waits.
    func readNow(at offset: Int64, count: Int, into buffer: ReadBuffer) throws -> ByteBuffer? {
        store.plans(.read) ? nil : try base.readNow(at: offset, count: count, into: buffer)
    }

    func close() { base.close() }
}

private struct FaultyAppending: BlobAppending {
    let base: any BlobAppending
    let store: FaultyBlobStore

    func write(_ body: @escaping AppendingBody) async throws {
        try await store.passing(.write) { try await base.write(body) }
    }

    func synchronize() async throws {
        try await store.passing(.synchronize) { try await base.synchronize() }
    }

    /// Nobody is told before the return, which a fault may turn into a failure.
    func commit(as object: ObjectKey, after body: @escaping AppendingBody, durable: @escaping @Sendable () -> Void) async throws {
        try await store.passing(.commit) { try await base.commit(as: object, after: body) }
        durable()
    }

    func close() async { await base.close() }
}
