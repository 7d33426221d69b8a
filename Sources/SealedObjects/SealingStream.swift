import Crypto
import NIOCore

/// Seals a message piece by piece; what waits for a whole chunk can be saved with the place, and the message gone on with later. A chunk is
/// sealed once: whoever goes on must do so from the last state that was saved, or begin anew.
package final class SealingStream {
    /// What has to be kept to go on: it holds plaintext.
    package struct State: Hashable, Sendable {
        package let salt: [UInt8]
        /// Whole chunks that were sealed.
        package let chunks: Int64
        /// What waits for the rest of its chunk.
        package let tail: [UInt8]

        package init(salt: [UInt8], chunks: Int64, tail: [UInt8]) {
            self.salt = salt
            self.chunks = chunks
            self.tail = tail
        }

        /// How many bytes of the message there were.
        package var count: Int64 { chunks * Int64(ObjectLayout.chunk) + Int64(tail.count) }
        /// How many bytes were given out for them, the header among them.
        package var sealedCount: Int64 { ObjectLayout.offset(ofChunk: chunks) }
    }

    private var cipher: ChunkCipher
    private let salt: [UInt8]
    private let header: [UInt8]
    private var chunks: Int64
    private var tail: ByteBuffer
    private var owesHeader: Bool

    /// A message under a data key that begins with `salt`, which must be of chance.
    package init(dataKey: SymmetricKey, salt: [UInt8], context: [UInt8]) {
        let keys = MessageKeys(dataKey: dataKey, salt: salt, context: context)
        cipher = ChunkCipher(keys, isSealing: true)
        self.salt = salt
        header = keys.header
        chunks = 0
        tail = ByteBuffer()
        owesHeader = true
    }

    /// Goes on from `state`; its header was given out.
    package init(dataKey: SymmetricKey, from state: State, context: [UInt8]) {
        cipher = ChunkCipher(MessageKeys(dataKey: dataKey, salt: state.salt, context: context), isSealing: true)
        salt = state.salt
        header = []
        chunks = state.chunks
        tail = ByteBuffer(bytes: state.tail)
        owesHeader = false
    }

    /// What has to be kept to go on from here.
    package var state: State { State(salt: salt, chunks: chunks, tail: Array(tail.readableBytesView)) }

    /// Appends `bytes` to the message, and what is sealed by it to `output`.
    package func append(_ bytes: ByteBuffer, to output: inout ByteBuffer) {
        writeHeader(to: &output)
        var bytes = bytes
        if tail.readableBytes > 0 {
            if let start = bytes.readSlice(length: min(bytes.readableBytes, ObjectLayout.chunk - tail.readableBytes)) {
                tail.writeImmutableBuffer(start)
            }
            guard tail.readableBytes == ObjectLayout.chunk else { return }
            tail.withUnsafeReadableBytes { seal($0, to: &output) }
            tail.clear()
        }
        let whole = bytes.readableBytes / ObjectLayout.chunk * ObjectLayout.chunk
        bytes.withUnsafeReadableBytes { memory in
            for start in stride(from: 0, to: whole, by: ObjectLayout.chunk) {
                seal(UnsafeRawBufferPointer(rebasing: memory[start..<(start + ObjectLayout.chunk)]), to: &output)
            }
        }
        bytes.moveReaderIndex(forwardBy: whole)
        tail.writeImmutableBuffer(bytes)
    }

    /// Ends the message: its last chunk goes to `output`. Nothing may follow.
    package func finish(to output: inout ByteBuffer) {
        writeHeader(to: &output)
        tail.withUnsafeReadableBytes { seal($0, to: &output) }
        tail.clear()
    }

    private func writeHeader(to output: inout ByteBuffer) {
        guard owesHeader else { return }
        output.writeBytes(header)
        owesHeader = false
    }

    private func seal(_ chunk: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
        let size = chunk.count + ObjectLayout.tag
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { room in
            guard let base = room.baseAddress else { return 0 }
            cipher.seal(chunk, at: chunks, to: base)
            return size
        }
        chunks += 1
    }
}
