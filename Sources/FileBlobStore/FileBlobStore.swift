import Glibc
import NIOCore
import NIOPosix
import Stores
import Synchronization

/// A blob store in a folder of a local file system.
///
///     <root>/blobs/<key>     objects
///     <root>/uploads/<key>   uploads
///
/// A key's slashes are folders. Everything is opened relative to an open folder, one component at a time and without
/// following links, so nothing outside the root is ever touched. Blocking calls run on a pool of threads.
package final class FileBlobStore: BlobReading, BlobIngesting, BlobMaintaining {
    let threads: NIOThreadPool
    let uploads: Area
    let staging = AlignedBuffers()
    let cachedUploadBytes: Int64
    private let objects: Area
    private let ownsThreads: Bool
    private let recent = RecentContent<ObjectKey>(capacity: 32 << 20)
    /// Uploads of which a synchronization failed: the kernel may have dropped their bytes and would not say so again.
    private let condemned = Mutex<Set<ObjectKey>>([])
    /// How many objects are being made.
    private let underWay = Atomic<Int>(0)

    /// Opens the store in the folder at `root`, making it when absent. Blocks. Runs on `threads`, which must have been
    /// started, or on eight threads of its own. Of an upload, what lies behind its first `cachedUploadBytes` does not go through
    /// the page cache.
    /// Folders named `folders`, in which most keys will lie, are made at once: each would cost the first push of a key in it two synchronizations.
    package init(root: String, folders: [String] = [], threads: NIOThreadPool? = nil, cachedUploadBytes: Int64 = 64 << 20) throws {
        self.cachedUploadBytes = cachedUploadBytes
        do {
            if mkdir(root, 0o700) != 0, errno != EEXIST { throw SystemError("mkdir") }
            let folder = try Folder(path: root)
            objects = try Area("blobs", in: folder)
            uploads = try Area("uploads", in: folder)
            for area in [objects, uploads] where !folders.isEmpty { try area.makeFolders(folders) }
        } catch let error as SystemError {
            throw BlobStoreError.failed("\(error.call) of \(root): \(String(cString: strerror(error.code)))")
        }
        ownsThreads = threads == nil
        self.threads = threads ?? NIOThreadPool(numberOfThreads: 8)
        if ownsThreads { self.threads.start() }
    }

    deinit {
        if ownsThreads { threads.shutdownGracefully { _ in } }
    }

    // MARK: - Reading

    package func open(_ key: ObjectKey) async throws -> any OpenBlob {
        if let content = recent.content(of: key) { return ContentInMemory(content: content) }
        let file = try await threads.run(for: key) { try OpenFile(key, in: self.objects, threads: self.threads) }
        if let content = file.content { recent.keep(content, of: key) }
        return file
    }

    package func size(of key: ObjectKey) async throws -> Int64? {
        try await threads.run(for: key) {
            try orNilIfAbsent { try self.objects.withFile(of: key) { folder, name in try folder.size(of: name) } }
        }
    }

    // MARK: - Ingesting

    package func append(to key: ObjectKey, at offset: Int64) async throws -> any BlobAppending {
        try await threads.run(for: key) {
            try self.refuseCondemned(key)
            return try OpenUpload(key, at: offset, in: self)
        }
    }

    package func begin(_ key: ObjectKey) async throws -> any BlobAppending {
        try refuseCondemned(key)
        return OpenUpload(key, in: self)
    }

    package func openUpload(_ key: ObjectKey) async throws -> any OpenBlob {
        try await threads.run(for: key) { try OpenFile(key, in: self.uploads, threads: self.threads) }
    }

    package func commit(_ upload: ObjectKey, size: Int64, as object: ObjectKey) async throws {
        try await threads.run(for: upload) { try self.makeObject(object, of: upload, size: size) }
    }

    package func durableSize(of key: ObjectKey) async throws -> Int64? {
        try await threads.run(for: key) {
            // A second synchronization of what a first one lost would succeed.
            try self.refuseCondemned(key)
            return try orNilIfAbsent {
                try self.objects.withFile(of: key) { folder, name in
                    let descriptor = try folder.openFile(name, O_RDWR)
                    defer { close(descriptor) }
                    try check("fdatasync", fdatasync(descriptor))
                    try folder.synchronize()
                    return try fileSize(descriptor)
                }
            }
        }
    }

    package func cut(_ upload: ObjectKey, to size: Int64) async throws {
        _ = try await threads.run(for: upload) {
            try orNilIfAbsent {
                try self.uploads.withFile(of: upload) { folder, name in
                    let descriptor = try folder.openFile(name, O_RDWR)
                    defer { close(descriptor) }
                    if try fileSize(descriptor) > size { try check("truncate", ftruncate(descriptor, off_t(size))) }
                }
            }
        }
    }

    package func cancel(_ upload: ObjectKey) async throws {
        try await threads.run(for: upload) { try self.uploads.remove([upload]) }
        condemned.withLock { _ = $0.remove(upload) }
    }

    // MARK: - Maintaining

    package func delete(_ key: ObjectKey) async throws {
        recent.forget(key)
        try await threads.run(for: key) { try self.objects.remove([key]) }
        recent.forget(key)
    }

    package func remove(_ keys: [ObjectKey]) async throws {
        guard let first = keys.first else { return }
        for key in keys { recent.forget(key) }
        try await threads.run(for: first) {
            for area in [self.uploads, self.objects] { try area.remove(keys) }
        }
        condemned.withLock { $0.subtract(keys) }
        for key in keys { recent.forget(key) }
    }

    package func list(_ visit: @Sendable (ObjectKey, Int64) async throws -> Void) async throws {
        for area in [objects, uploads] {
            let walk = try area.walk()
            while case let files = try await threads.runIfActive({ try walk.next(512) }), !files.isEmpty {
                for (key, size) in files { try await visit(key, size) }
            }
        }
    }

    // MARK: -

    /// What `commit` does. Blocks.
    func makeObject(_ object: ObjectKey, of upload: ObjectKey, size: Int64) throws {
        let descriptor = try uploads.withFile(of: upload) { folder, name in try folder.openFile(name, O_RDWR) }
        defer { close(descriptor) }
        let actual = try fileSize(descriptor)
        guard actual >= size else { throw BlobStoreError.missing(upload) }
        if actual > size { try check("truncate", ftruncate(descriptor, off_t(size))) }
        try makeObject(object, of: upload, descriptor)
    }

    /// Makes the open file of an upload an object. Blocks.
    ///
    /// The name is moved before the bytes are durable, so that a file system with a journal commits both at once; nothing reads the object before this
    /// has returned.
    func makeObject(_ object: ObjectKey, of upload: ObjectKey, _ descriptor: CInt) throws {
        try refuseCondemned(upload)
        try objects.withNewFile(of: object) { target, newName in
            try uploads.withFile(of: upload) { source, name in try source.move(name, to: newName, in: target) }
            let isAlone = underWay.add(1, ordering: .relaxed).newValue == 1
            defer { underWay.subtract(1, ordering: .relaxed) }
            // The device takes both at once. Many at a time keep it busy by themselves.
            let naming = FolderSync(target, starting: isAlone)
            let (bytes, name) = (Result { try synchronize(upload, descriptor) }, Result { try naming.finish() })
            do {
                try bytes.get()
                try name.get()
            } catch {
                // The upload can only be cancelled, in this process; what was acknowledged of it goes back to where it was, and is durable.
                condemned.withLock { _ = $0.insert(upload) }
                do {
                    try uploads.withFile(of: upload) { source, name in try target.move(newName, to: name, in: source) }
                    try target.synchronize()
                } catch {
                    // Nothing would look for its bytes here.
                    _ = try orNilIfAbsent { try target.remove(newName) }
                }
                throw error
            }
        }
    }

    /// Makes the bytes of an upload durable. Blocks. A failure is final: the upload can only be cancelled.
    func synchronize(_ upload: ObjectKey, _ descriptor: CInt) throws {
        do {
            try refuseCondemned(upload)
            try check("fdatasync", fdatasync(descriptor))
        } catch {
            condemned.withLock { _ = $0.insert(upload) }
            throw error
        }
    }

    private func refuseCondemned(_ upload: ObjectKey) throws {
        guard !condemned.withLock({ $0.contains(upload) }) else {
            throw BlobStoreError.failed("upload \(upload) could not be made durable before")
        }
    }
}

/// What `body` returns; nil when a file or a folder on the way is absent.
func orNilIfAbsent<Value>(_ body: () throws -> Value) throws -> Value? {
    do {
        return try body()
    } catch let error as SystemError where error.code == ENOENT {
        return nil
    }
}

extension NIOThreadPool {
    /// Runs `body` on a thread of the pool; a failed system call in it comes out as what it means for `key`.
    func run<Value: Sendable>(for key: ObjectKey, _ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await runIfActive(body)
        } catch let error as SystemError {
            throw error.meaning(for: key)
        }
    }
}
