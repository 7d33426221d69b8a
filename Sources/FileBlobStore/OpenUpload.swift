import CFileSystem
import Glibc
import NIOCore
import NIOPosix
import Stores
import Synchronization

/// An upload's file open for appending.
final class OpenUpload: BlobAppending {
    private struct State {
        /// Where the next byte goes.
        var offset: Int64
        /// Up to where the kernel was asked to begin writing to the device.
        var writeback: Int64
    }

    /// Written in the background from so many bytes on, so that little is left for the synchronization that the client waits for.
    private static let writebackStep: Int64 = 8 << 20

    private let key: ObjectKey
    private let descriptor: CInt
    private let store: FileBlobStore
    /// Held by the one call that is under way.
    private let state: Mutex<State>

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
        state = Mutex(State(offset: offset, writeback: offset))
    }

    func write(_ bytes: ByteBuffer) async throws {
        try await store.threads.run(for: key) { try self.append(bytes) }
    }

    func synchronize() async throws {
        try await store.threads.run(for: key) {
            try self.state.withLock { _ in
                try self.store.synchronize(self.key, self.descriptor)
                // The bytes are only as durable as the name that leads to them.
                try self.store.uploads.withFile(of: self.key) { folder, _ in try folder.synchronize() }
            }
        }
    }

    func close() async { Glibc.close(descriptor) }

    private func append(_ bytes: ByteBuffer) throws {
        try state.withLock { state in
            try bytes.withUnsafeReadableBytes { bytes in
                var written = 0
                while written < bytes.count {
                    let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                    let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(state.offset) + off_t(written))
                    guard count >= 0 else { throw SystemError("write") }
                    written += count
                }
            }
            state.offset += Int64(bytes.readableBytes)
            if state.offset - state.writeback >= Self.writebackStep {
                // Only a hint: what fails here fails again where durability is asked for.
                _ = start_writeback(descriptor, off_t(state.writeback), off_t(state.offset - state.writeback))
                state.writeback = state.offset
            }
        }
    }
}
