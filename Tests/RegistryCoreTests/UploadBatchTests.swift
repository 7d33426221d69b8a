import NIOCore
import OCI
import TestSupport
import Testing

@testable import RegistryCore

/// What is gathered is written and hashed in the order in which it came, whatever the sizes of its pieces and of the memory they are in.
@Suite struct UploadBatchTests {
    @Test(arguments: 0..<8, [false, true]) func isWrittenAsItCame(seed: UInt64, inTwoThreads: Bool) throws {
        var random = SeededRandom(seed: seed)
        let batch = UploadBatch(after: SHA256Stream())
        defer { batch.giveBack() }
        var (all, written): ([UInt8], [UInt8]) = ([], [])
        for _ in 0..<3 {
            var came: [UInt8] = []
            for _ in 0..<Int.random(in: 0...8, using: &random) {
                let bytes = random.bytes([1, 3_000, 64 << 10, 100_000, 256 << 10, 700_000].randomElement(using: &random) ?? 0)
                var memory = ByteBuffer(bytes: random.bytes(Int.random(in: 0...9, using: &random)) + bytes)
                memory.reserveCapacity(Int.random(in: 0...1_000_000, using: &random))
                memory.moveReaderIndex(to: memory.writerIndex - bytes.count)
                batch.append(memory)
                came += bytes
            }
            #expect(batch.count == came.count)
            try batch.write(inTwoThreads: inTwoThreads) { piece in
                #expect((1...(256 << 10)).contains(piece.readableBytes))
                written += piece.readableBytesView
            }
            batch.clear()
            #expect(batch.count == 0)
            all += came
        }
        #expect(written == all)
        #expect(batch.hash.digest() == Digest.of(all))
    }

    @Test func isWrittenOnce() throws {
        let batch = UploadBatch(after: SHA256Stream())
        defer { batch.giveBack() }
        batch.append(ByteBuffer(bytes: [1, 2, 3]))
        var written: [UInt8] = []
        for _ in 0..<2 { try batch.write { written += $0.readableBytesView } }
        #expect(written == [1, 2, 3])
        #expect(batch.hash.digest() == Digest.of([1, 2, 3]))
    }

    @Test func largePiecesStayWhereTheyCame() {
        var bytes = GatheredBytes()
        defer { bytes.giveBack() }
        let before = bytes.capacity
        let pieces = (0..<4).map { ByteBuffer(repeating: UInt8($0), count: 256 << 10) }
        for piece in pieces { bytes.append(piece) }
        #expect(bytes.capacity == before + 4 * (256 << 10))
        let places = bytes.pieces(of: 1 << 20).map { $0.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) } }
        #expect(places == pieces.map { $0.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) } })
    }

    /// In turns one byte and a large piece, or large memory with little in it: neither makes a batch hold more than a multiple of what it gathers.
    @Test func holdsLittleMoreThanItGathers() {
        var (turns, sparse) = (GatheredBytes(), GatheredBytes())
        defer {
            turns.giveBack()
            sparse.giveBack()
        }
        let large = ByteBuffer(repeating: 1, count: 128 << 10)
        for _ in 0..<7 {
            turns.append(large.getSlice(at: 0, length: 1) ?? large)
            turns.append(large)
        }
        #expect(turns.capacity <= 3 << 20)
        for _ in 0..<10 {
            var memory = ByteBuffer()
            memory.reserveCapacity(1 << 20)
            memory.writeRepeatingByte(1, count: 100_000)
            sparse.append(memory)
        }
        #expect(sparse.count == 1_000_000)
        #expect(sparse.capacity <= 3 << 20)
    }
}
