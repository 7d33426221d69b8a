import NIOCore
import OCI
import TestSupport
import Testing

@testable import RegistryCore

/// What is gathered is written and hashed in the order in which it came, whatever the sizes of its pieces and of the memory they are in.
@Suite struct UploadBatchTests {
    @Test(arguments: 0..<8) func isWrittenAsItCame(seed: UInt64) throws {
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
            try batch.write { piece in
                #expect((1...(256 << 10)).contains(piece.readableBytes))
                written += piece.readableBytesView
            }
            try batch.write { _ in Issue.record("it was written twice") }
            batch.clear()
            #expect(batch.count == 0)
            all += came
        }
        #expect(written == all)
        #expect(batch.hash.digest() == Digest.of(all))
    }

    @Test func keepsItsBytesWhenTheyCannotBeWritten() throws {
        struct Refusal: Error {}
        let batch = UploadBatch(after: SHA256Stream())
        defer { batch.giveBack() }
        batch.append(ByteBuffer(bytes: [1, 2, 3]))
        #expect(throws: Refusal.self) { try batch.write { _ in throw Refusal() } }
        #expect(batch.count == 3)
    }
}
