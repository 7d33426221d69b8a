import Glibc
import NIOCore
import NIOPosix
import Stores
import Synchronization

/// An upload's file open for appending.
final class OpenUpload: BlobAppending {
    private let key: ObjectKey
    private let descriptor: CInt
    private let store: FileBlobStore
    /// Held by the one call that is under way.
    private let file: Mutex<UploadFile>

    /// Opens the file of `key` and cuts it off at `offset`; creates it when that is 0. Blocks.
    init(_ key: ObjectKey, at offset: Int64, in store: FileBlobStore) throws {
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
        self.key = key
        self.descriptor = descriptor
        self.store = store
        file = Mutex(UploadFile(descriptor, at: offset, cached: store.cachedUploadBytes, staging: store.staging))
    }

    func write(_ bytes: ByteBuffer) async throws {
        try await store.threads.run(for: key) { try self.file.withLock { try $0.append(bytes) } }
    }

    func synchronize() async throws {
        try await store.threads.run(for: key) {
            try self.file.withLock { file in
                try file.finish()
                try self.store.synchronize(self.key, self.descriptor)
                // The bytes are only as durable as the name that leads to them.
                try self.store.uploads.withFile(of: self.key) { folder, _ in try folder.synchronize() }
            }
        }
    }

    func commit(as object: ObjectKey) async throws {
        try await store.threads.run(for: key) {
            let size = try self.file.withLock { file in
                try file.finish()
                return file.offset
            }
            try self.store.makeObject(object, of: self.key, size: size)
        }
    }

    func close() async { Glibc.close(descriptor) }
}
