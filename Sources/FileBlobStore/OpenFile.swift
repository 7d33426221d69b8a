import CFileSystem
import Glibc
import NIOCore
import NIOPosix
import Stores

/// A file open for reading.
struct OpenFile: OpenBlob {
    /// Files up to this size, in bytes, are read while they are opened: another change of threads would cost more.
    private static let smallSize: Int64 = 64 << 10

    let size: Int64
    fileprivate let descriptor: CInt
    fileprivate let key: ObjectKey
    fileprivate let threads: NIOThreadPool
    /// All bytes of a small file.
    let content: ByteBuffer?

    /// Opens the file of `key`. Blocks.
    init(_ key: ObjectKey, in area: Area, threads: NIOThreadPool) throws {
        let descriptor = try area.withFile(of: key) { folder, name in try folder.openFile(name, O_RDONLY) }
        do {
            size = try fileSize(descriptor)
            content = size <= Self.smallSize ? try readFile(descriptor, at: 0, count: Int(size)) : nil
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        self.key = key
        self.threads = threads
    }

    var fileDescriptor: CInt? { descriptor }

    func read(at offset: Int64, count: Int) async throws -> ByteBuffer {
        let count = Int(min(Int64(count), max(0, size - offset)))
        guard count > 0 else { return ByteBuffer() }
        if let content { return content.getSlice(at: Int(offset), length: min(count, content.readableBytes - Int(offset))) ?? ByteBuffer() }
        return try await threads.run(for: key) { try readFile(descriptor, at: offset, count: count) }
    }

    func read(at offset: Int64, count: Int, into buffer: ReadBuffer) async throws -> ByteBuffer {
        let count = Int(min(Int64(count), max(0, size - offset)))
        guard content == nil, count > 0 else { return try await read(at: offset, count: count) }
        return try await threads.run(for: key) { try buffer.fill(count: count) { try fill($0, from: descriptor, at: offset) } }
    }

    func readNow(at offset: Int64, count: Int, into buffer: ReadBuffer) throws -> ByteBuffer? {
        let count = Int(min(Int64(count), max(0, size - offset)))
        guard count > 0 else { return ByteBuffer() }
        if let content { return content.getSlice(at: Int(offset), length: min(count, content.readableBytes - Int(offset))) }
        let bytes = buffer.fill(count: count) { max(0, read_cached(descriptor, $0.baseAddress, $0.count, off_t(offset))) }
        // Errors, and the end of a file that was cut off, are for who reads and waits.
        return bytes.readableBytes > 0 ? bytes : nil
    }

    func close() { Glibc.close(descriptor) }
}

/// `count` bytes from `offset`, in one buffer; fewer only at the end of the file.
private func readFile(_ descriptor: CInt, at offset: Int64, count: Int) throws -> ByteBuffer {
    var buffer = ByteBufferAllocator().buffer(capacity: count)
    try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { room in
        try fill(UnsafeMutableRawBufferPointer(rebasing: room[..<count]), from: descriptor, at: offset)
    }
    return buffer
}

/// Reads until `room` is full or the file ends; how many bytes came.
private func fill(_ room: UnsafeMutableRawBufferPointer, from descriptor: CInt, at offset: Int64) throws -> Int {
    var done = 0
    while done < room.count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: room[done...])
        let read = pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
        guard read >= 0 else { throw SystemError("read") }
        if read == 0 { break }
        done += read
    }
    return done
}
