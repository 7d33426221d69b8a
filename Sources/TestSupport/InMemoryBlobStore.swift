import NIOCore
import Stores
import Synchronization

/// A blob store in memory that keeps the contract of `BlobStore`.
package final class InMemoryBlobStore: BlobReading, BlobIngesting, BlobMaintaining {
    fileprivate struct State {
        var objects: [ObjectKey: [UInt8]] = [:]
        var uploads: [ObjectKey: [UInt8]] = [:]
    }

    fileprivate let state = Mutex(State())

    package init() {}

    package func open(_ key: ObjectKey) async throws -> any OpenBlob {
        guard let bytes = state.withLock({ $0.objects[key] }) else { throw BlobStoreError.missing(key) }
        return ContentInMemory(content: ByteBuffer(bytes: bytes))
    }

    package func size(of key: ObjectKey) async throws -> Int64? {
        state.withLock { $0.objects[key].map { Int64($0.count) } }
    }

    package func durableSize(of key: ObjectKey) async throws -> Int64? { try await size(of: key) }

    package func append(to key: ObjectKey, at offset: Int64) async throws -> any BlobAppending {
        try state.withLock { state in
            guard let upload = state.uploads[key] ?? (offset == 0 ? [] : nil), upload.count >= Int(offset) else { throw BlobStoreError.missing(key) }
            state.uploads[key] = Array(upload.prefix(Int(offset)))
        }
        return InMemoryAppending(key: key, store: self)
    }

    package func openUpload(_ key: ObjectKey) async throws -> any OpenBlob {
        guard let bytes = state.withLock({ $0.uploads[key] }) else { throw BlobStoreError.missing(key) }
        return ContentInMemory(content: ByteBuffer(bytes: bytes))
    }

    package func commit(_ upload: ObjectKey, size: Int64, as object: ObjectKey) async throws {
        try state.withLock { state in
            guard let bytes = state.uploads[upload], bytes.count >= Int(size) else { throw BlobStoreError.missing(upload) }
            guard state.objects[object] == nil else { throw BlobStoreError.failed("\(object) exists") }
            state.objects[object] = Array(bytes.prefix(Int(size)))
            state.uploads[upload] = nil
        }
    }

    package func cut(_ upload: ObjectKey, to size: Int64) async throws {
        state.withLock { $0.uploads[upload] = $0.uploads[upload].map { Array($0.prefix(Int(size))) } }
    }

    package func cancel(_ upload: ObjectKey) async throws {
        state.withLock { $0.uploads[upload] = nil }
    }

    package func delete(_ key: ObjectKey) async throws {
        state.withLock { $0.objects[key] = nil }
    }

    package func remove(_ keys: [ObjectKey]) async throws {
        state.withLock { state in
            for key in keys { (state.uploads[key], state.objects[key]) = (nil, nil) }
        }
    }

    package func list(_ visit: @Sendable (ObjectKey, Int64) async throws -> Void) async throws {
        let all = state.withLock { state in
            state.objects.map { ($0.key, $0.value.count) } + state.uploads.map { ($0.key, $0.value.count) }
        }
        for (key, count) in all { try await visit(key, Int64(count)) }
    }
}

private struct InMemoryAppending: BlobAppending {
    let key: ObjectKey
    let store: InMemoryBlobStore

    func write(_ body: @escaping AppendingBody) async throws {
        try body { bytes in
            try store.state.withLock { state in
                guard state.uploads[key] != nil else { throw BlobStoreError.missing(key) }
                state.uploads[key, default: []].append(contentsOf: bytes.readableBytesView)
            }
        }
    }

    func synchronize() async throws {}

    func commit(as object: ObjectKey, after body: @escaping AppendingBody, durable: @escaping @Sendable () -> Void) async throws {
        try await write(body)
        let size = store.state.withLock { $0.uploads[key]?.count ?? 0 }
        try await store.commit(key, size: Int64(size), as: object)
        durable()
    }

    func close() async {}
}
