import NIOCore

/// The name of an object in a blob store. Names are made once and never reused (invariant I3), so an object's bytes
/// never change after `commit` and no lock spans a store call and a database call. Uploads and objects are named apart: a
/// key may name one of each.
package struct ObjectKey: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Keeps `text`: path components of `[a-z0-9._-]`, joined by `/`; none of them empty, `.` or `..`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let allowed = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/")
        }
        guard allowed, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return nil }
        description = text
    }
}

/// Reads objects.
package protocol BlobReading: Sendable {
    /// Opens a committed object. Throws `BlobStoreError.missing`.
    func open(_ key: ObjectKey) async throws -> any OpenBlob

    /// The size of a committed object in bytes; nil when there is none.
    func size(of key: ObjectKey) async throws -> Int64?
}

/// An open object. Its bytes stay readable until `close`, even when the object is deleted meanwhile.
package protocol OpenBlob: Sendable {
    /// In bytes.
    var size: Int64 { get }

    /// The file descriptor that holds exactly the object's bytes from offset 0, where the store has one:
    /// what `sendfile` needs. It is valid until `close`.
    var fileDescriptor: CInt? { get }

    /// Up to `count` bytes from `offset`; fewer only at the end.
    func read(at offset: Int64, count: Int) async throws -> ByteBuffer

    /// As `read(at:count:)`, where possible in the memory of `buffer`.
    func read(at offset: Int64, count: Int, into buffer: ReadBuffer) async throws -> ByteBuffer

    /// Up to `count` bytes from `offset`, as many as are at hand without waiting for a device; none at the end, nil where that cannot be said
    /// without waiting. In the memory of `buffer` where possible.
    func readNow(at offset: Int64, count: Int, into buffer: ReadBuffer) throws -> ByteBuffer?

    /// Gives back what is held. Called exactly once.
    func close()
}

extension OpenBlob {
    package func read(at offset: Int64, count: Int, into buffer: ReadBuffer) async throws -> ByteBuffer {
        try await read(at: offset, count: count)
    }

    package func readNow(at offset: Int64, count: Int, into buffer: ReadBuffer) throws -> ByteBuffer? { nil }

    /// As `read(at:count:)`, without a change of threads where all of it is at hand: for few bytes.
    package func readSoon(at offset: Int64, count: Int) async throws -> ByteBuffer {
        let wanted = min(Int64(count), max(0, size - offset))
        if let bytes = try readNow(at: offset, count: count, into: ReadBuffer(capacity: count)), bytes.readableBytes == wanted { return bytes }
        return try await read(at: offset, count: count)
    }
}

/// Brings objects into being. An upload is invisible to `BlobReading` until `commit`; after it, it is visible under the
/// new key and invisible here. Bytes are durable when `synchronize` or `commit` has returned, not before.
package protocol BlobIngesting: Sendable {
    /// Opens the upload `key` for appending at `offset`, creating it when it is absent and `offset` is 0;
    /// what lies behind `offset` is forgotten. Throws `BlobStoreError.missing` when fewer bytes are there.
    func append(to key: ObjectKey, at offset: Int64) async throws -> any BlobAppending

    /// As `append` at 0; but the upload may come into being only with the first bytes, or with `commit`.
    func begin(_ key: ObjectKey) async throws -> any BlobAppending

    /// The bytes of an upload from its beginning, for a hash that has to be made again.
    func openUpload(_ key: ObjectKey) async throws -> any OpenBlob

    /// Makes the first `size` bytes of the upload an object: durable bytes, then the name, then the durable name. Once only.
    /// What a broken-off append left behind them is forgotten. Throws `BlobStoreError.missing` when fewer bytes are there.
    func commit(_ upload: ObjectKey, size: Int64, as object: ObjectKey) async throws

    /// The size in bytes of an object of which it is not known whether `commit` came to its end, once its bytes and its name are durable; nil when there
    /// is none.
    func durableSize(of key: ObjectKey) async throws -> Int64?

    /// Forgets what is behind the first `size` bytes of an upload, also of one that could not be made durable; of an absent one there is nothing to forget.
    func cut(_ upload: ObjectKey, to size: Int64) async throws

    /// Removes an upload; removing an absent one is no error.
    func cancel(_ upload: ObjectKey) async throws
}

/// An upload that is open for appending, by one caller at a time.
package protocol BlobAppending: Sendable {
    /// Has `body` append what it wants with the function that it gets. It is called once, on a thread where blocking work is done, so that what there is
    /// to do with the bytes before, as hashing and sealing, costs no change of threads of its own.
    func write(_ body: @escaping AppendingBody) async throws

    /// Makes all that was written durable.
    func synchronize() async throws

    /// Has `body` append what is left, as `write` does, and makes the upload an object, as `BlobIngesting.commit` does: what comes with one request need
    /// not be made durable twice. What `body` throws comes out, and all may go on as after `write`; else only `close` may follow, or, when it has
    /// thrown, another `commit`, whose `body` may be called for the first time then. `durable` is called once it has done its work, on any thread, for
    /// who would rather not wait for the return; never when it throws.
    func commit(as object: ObjectKey, after body: @escaping AppendingBody, durable: @escaping @Sendable () -> Void) async throws

    /// Gives back what is held; bytes since the last `synchronize` may be lost. Called exactly once.
    func close() async
}

extension BlobIngesting {
    package func begin(_ key: ObjectKey) async throws -> any BlobAppending { try await append(to: key, at: 0) }
}

/// Work that appends bytes to an upload with the function that it gets, in order.
package typealias AppendingBody = @Sendable (_ append: (ByteBuffer) throws -> Void) throws -> Void

extension BlobAppending {
    /// Appends `bytes`.
    package func write(_ bytes: ByteBuffer) async throws { try await write { append in try append(bytes) } }

    /// Makes the upload, as far as it was written, an object.
    package func commit(as object: ObjectKey) async throws { try await commit(as: object) { _ in } }

    /// As `commit` with `durable`.
    package func commit(as object: ObjectKey, after body: @escaping AppendingBody) async throws {
        try await commit(as: object, after: body, durable: {})
    }
}

/// Looks after what is there.
package protocol BlobMaintaining: Sendable {
    /// Removes an object; removing an absent one is no error.
    func delete(_ key: ObjectKey) async throws

    /// Removes all objects and uploads of these names; absent ones are no error. Durable when it returns, which costs as much as for one of them.
    func remove(_ keys: [ObjectKey]) async throws

    /// Calls `visit` with every object and upload in the store, with its size in bytes, in no order.
    func list(_ visit: @Sendable (ObjectKey, Int64) async throws -> Void) async throws
}

/// All roles together: what a registry is given.
package typealias BlobStore = BlobReading & BlobIngesting & BlobMaintaining

/// Why a blob store could not do it.
package enum BlobStoreError: Error, Hashable {
    /// No such object or upload, or fewer bytes of it than were promised.
    case missing(ObjectKey)
    /// The device or the quota is full.
    case full
    /// Any other failure of the device or service; the text is for the log.
    case failed(String)
}
