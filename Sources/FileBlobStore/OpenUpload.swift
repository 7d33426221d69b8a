import Glibc
import NIOCore
import NIOPosix
import Stores
import Synchronization

/// An upload's file open for appending.
final class OpenUpload: BlobAppending {
    private let key: ObjectKey
    private let store: FileBlobStore
    /// Held by the one call that is under way.
    private let file: Mutex<UploadFile>
    /// Set when a write has failed, which leaves unknown what is in the file.
    private let isBroken = Atomic<Bool>(false)

    /// Opens the file of `key` and cuts it off at `offset`; creates it when that is 0. Blocks.
    init(_ key: ObjectKey, at offset: Int64, in store: FileBlobStore) throws {
        self.key = key
        self.store = store
        let descriptor = try Self.open(key, at: offset, in: store)
        file = Mutex(UploadFile(descriptor, at: offset, cached: store.cachedUploadBytes, staging: store.staging))
    }

    /// The file of `key`, which is created or emptied with the first bytes.
    init(_ key: ObjectKey, in store: FileBlobStore) {
        self.key = key
        self.store = store
        file = Mutex(UploadFile(nil, at: 0, cached: store.cachedUploadBytes, staging: store.staging))
    }

    private static func open(_ key: ObjectKey, at offset: Int64, in store: FileBlobStore) throws -> CInt {
        let descriptor: CInt
        if offset == 0 {
            descriptor = try store.uploads.withNewFile(of: key) { folder, name in try folder.openFile(name, O_RDWR | O_CREAT) }
        } else {
            descriptor = try store.uploads.withFile(of: key) { folder, name in try folder.openFile(name, O_RDWR) }
        }
        do {
            let size = try fileSize(descriptor)
            guard size >= offset else { throw BlobStoreError.missing(key) }
            if size > offset { try check("truncate", ftruncate(descriptor, off_t(offset))) }
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        return descriptor
    }

    func write(_ body: @escaping AppendingBody) async throws {
        try await store.threads.run(for: key) { try body(self.append) }
    }

    private func append(_ bytes: ByteBuffer) throws {
        do {
            try file.withLock { file in
                if file.descriptor == nil { file.descriptor = try Self.open(key, at: 0, in: store) }
                try file.append(bytes)
            }
        } catch {
            isBroken.store(true, ordering: .relaxed)
            throw error
        }
    }

    func synchronize() async throws {
        try await store.threads.run(for: key) {
            try self.file.withLock { file in
                guard let descriptor = file.descriptor else { return }
                try file.finish()
                try self.store.synchronize(self.key, descriptor)
                // The bytes are only as durable as the name that leads to them.
                try self.store.uploads.withFile(of: self.key) { folder, _ in try folder.synchronize() }
            }
        }
    }

    func commit(as object: ObjectKey, after body: @escaping AppendingBody, durable: @escaping @Sendable () -> Void) async throws {
        try await store.threads.run(for: key) {
            guard !self.isBroken.load(ordering: .relaxed) else { throw BlobStoreError.failed("upload \(self.key) could not be written before") }
            try body(self.append)
            try self.append(ByteBuffer())
            try self.file.withLock { file in
                try file.finish()
                guard let descriptor = file.descriptor else { throw BlobStoreError.missing(self.key) }
                try self.store.makeObject(object, of: self.key, descriptor)
            }
            durable()
        }
    }

    func close() async {
        file.withLock { file in
            if let descriptor = file.descriptor { Glibc.close(descriptor) }
            file.descriptor = nil
        }
    }
}
