import CZlib
import NIOCore

/// A stream through zlib: bytes go in piece by piece, and come out smaller, or as they were.
///
/// Source: RFC 1950, ZLIB Compressed Data Format.
struct Deflate: ~Copyable {
    enum Direction { case compress, expand }

    /// zlib keeps a pointer to its stream, so that must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let direction: Direction
    private var isAtEnd = false

    /// A stream with nothing in it. Throws when there is no memory for it.
    init(_ direction: Direction) throws(DeflateError) {
        self.direction = direction
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Of what a layer can still lose, the first level gets most, in a fifth of the time of the last.
        let status = direction == .compress ? deflate_init(stream, Z_BEST_SPEED) : inflate_init(stream)
        guard status == Z_OK else { throw DeflateError(status: status) }
    }

    deinit {
        _ = direction == .compress ? deflateEnd(stream) : inflateEnd(stream)
        stream.deallocate()
    }

    /// What comes out for `bytes`, and with `isLast` all that is left. Throws for what is no such stream.
    mutating func process(_ bytes: ByteBuffer, isLast: Bool) throws(DeflateError) -> ByteBuffer {
        var input = [UInt8](bytes.readableBytesView)
        var output = ByteBuffer()
        var room = [UInt8](repeating: 0, count: 256 << 10)
        var status = Z_OK
        try input.withUnsafeMutableBufferPointer { (input) throws(DeflateError) in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = UInt32(input.count)
            repeat {
                let count = room.count
                let written = room.withUnsafeMutableBufferPointer { room in
                    stream.pointee.next_out = room.baseAddress
                    stream.pointee.avail_out = UInt32(count)
                    status = direction == .compress ? deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH) : inflate(stream, Z_NO_FLUSH)
                    return count - Int(stream.pointee.avail_out)
                }
                guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw DeflateError(status: status) }
                output.writeBytes(room[..<written])
            } while stream.pointee.avail_out == 0
        }
        if status == Z_STREAM_END { isAtEnd = true }
        guard !isLast || isAtEnd else { throw DeflateError(status: Z_DATA_ERROR) }
        return output
    }
}

/// zlib refused; the number is its own.
struct DeflateError: Error, Hashable {
    let status: Int32
}
