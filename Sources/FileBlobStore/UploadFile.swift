import CFileSystem
import Glibc
import NIOCore
import Stores

/// The file of an upload as its bytes arrive: the first by way of the page cache, where whoever pulls them next finds them; those of
/// a large layer past it, straight to the device (`docs/decisions/0010-large-uploads-pass-by-the-page-cache.md`).
///
/// All its calls block. The bytes behind the last whole block are held back until `finish`.
struct UploadFile: ~Copyable {
    /// What offset, length and memory of such writes must be multiples of; no device asks for more.
    static let block = 4096
    /// Written in the background from so many bytes on, so that little is left for the synchronization that the client waits for.
    private static let writebackStep: Int64 = 1 << 20
    /// The same for the first bytes: a small upload is all there is.
    private static let firstStep: Int64 = 256 << 10

    /// Nil until the file is made.
    var descriptor: CInt?
    /// Where the bytes begin to go straight to the device.
    private let cached: Int64
    private let staging: AlignedBuffers
    /// Where the next byte goes.
    private(set) var offset: Int64
    /// Up to where the kernel was asked to begin writing to the device.
    private var writeback: Int64
    /// The bytes that wait for a whole block; they begin at `offset`.
    private var rest = ByteBuffer()
    private var isDirect = false
    /// False once the file system has refused it.
    private var mayBeDirect = true

    /// Appends to an open file at `offset`, or to one that is made before the first bytes come; `staging` lends memory to write from.
    init(_ descriptor: CInt?, at offset: Int64, cached: Int64, staging: AlignedBuffers) {
        self.cached = cached
        self.descriptor = descriptor
        self.offset = offset
        self.staging = staging
        writeback = offset
    }

    /// Appends `bytes`.
    mutating func append(_ bytes: ByteBuffer) throws {
        if offset < cached || !mayBeDirect {
            try write(bytes)
        } else {
            rest.writeImmutableBuffer(bytes)
            try writeBlocks()
        }
    }

    /// Writes what was held back.
    mutating func finish() throws {
        let last = rest
        rest.clear()
        try write(last)
    }

    private mutating func write(_ bytes: ByteBuffer) throws {
        guard bytes.readableBytes > 0 else { return }
        try bypassPageCache(false)
        try bytes.withUnsafeReadableBytes { bytes in try write(bytes) }
        if offset - writeback >= (offset <= Self.writebackStep ? Self.firstStep : Self.writebackStep) {
            // Only a hint: what fails here fails again where durability is asked for.
            if let descriptor { _ = start_writeback(descriptor, off_t(writeback), off_t(offset - writeback)) }
            writeback = offset
        }
    }

    /// Writes all whole blocks of `rest`; up to the first boundary the usual way.
    private mutating func writeBlocks() throws {
        let odd = Int(offset % Int64(Self.block))
        if odd > 0, let head = rest.readSlice(length: min(Self.block - odd, rest.readableBytes)) { try write(head) }
        guard rest.readableBytes >= Self.block else { return }
        guard try bypassPageCache(true) else { return try finish() }
        try staging.withBuffer { memory in
            while rest.readableBytes >= Self.block {
                let count = min(rest.readableBytes, memory.count) / Self.block * Self.block
                let piece = UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
                rest.readWithUnsafeReadableBytes { bytes in
                    piece.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                    return count
                }
                try write(UnsafeRawBufferPointer(piece))
            }
        }
        writeback = offset
        rest.discardReadBytes()
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard let descriptor else { preconditionFailure("bytes are written to an upload before its file is open") }
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset))
            guard count > 0 || isDirect && errno == EINVAL else { throw SystemError("write") }
            if count > 0 {
                written += count
                offset += Int64(count)
            } else {
                mayBeDirect = false
            }
            // A short write leaves nothing aligned; and some file systems take the flag but not the write.
            if isDirect, written < bytes.count { try bypassPageCache(false) }
        }
    }

    /// True when writes now go the way that was asked for.
    @discardableResult
    private mutating func bypassPageCache(_ wanted: Bool) throws -> Bool {
        guard wanted != isDirect else { return true }
        guard !wanted || mayBeDirect, let descriptor else { return false }
        if set_direct(descriptor, wanted ? 1 : 0) != 0 {
            guard wanted, errno == EINVAL else { throw SystemError("fcntl") }
            mayBeDirect = false
            return false
        }
        isDirect = wanted
        return true
    }
}
