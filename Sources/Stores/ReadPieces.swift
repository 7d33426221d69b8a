import NIOCore

extension OpenBlob {
    /// Gives the bytes from `start` up to `end` to `receive`, in order and a MiB at most at a time, each piece with the offset behind it. The offset behind the
    /// last one, which is less than `end` where the object ends before. Throws what reading and `receive` throw.
    @discardableResult
    package func readPieces(
        from start: Int64 = 0, to end: Int64, _ receive: (_ piece: ByteBuffer, _ offset: Int64) async throws -> Void
    ) async throws -> Int64 {
        let size: Int64 = 1 << 20
        let memory = ReadBuffer(capacity: Int(min(size, max(0, end - start))))
        var offset = start
        while offset < end {
            let piece = try await read(at: offset, count: Int(min(size, end - offset)), into: memory)
            guard piece.readableBytes > 0 else { break }
            offset += Int64(piece.readableBytes)
            try await receive(piece, offset)
        }
        return offset
    }
}
