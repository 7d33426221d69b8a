import NIOCore
import Stores
import Synchronization
import TestSupport
import Testing

@testable import RegistryCore

@Suite("Decrypted parts that are kept")
struct FrequentPartsTests {
    private static let part = Int64(FrequentParts.size)

    @Test("What is asked for again is decrypted once more, and then not any more")
    func decryptedTwice() async throws {
        let bytes = SeededRandom.content(Int(Self.part) * 2 + 200_000)
        let counted = CountedContent(bytes)
        let content = SharedContent(base: counted, key: try #require(ObjectKey("aa/1")), parts: FrequentParts())
        for round in 1...4 {
            var all = ByteBuffer()
            let room = ReadBuffer(capacity: 1 << 20)
            while all.readableBytes < bytes.count {
                let count = min(1 << 20, bytes.count - all.readableBytes)
                var piece = try #require(try content.readNow(at: Int64(all.readableBytes), count: count, into: room))
                all.writeBuffer(&piece)
            }
            #expect(Array(all.readableBytesView) == bytes)
            #expect(counted.reads == min(round, 2) * 3)
        }
    }

    @Test("Any range has its bytes, however it lies to the parts")
    func ranges() async throws {
        var random = SeededRandom(seed: 7)
        let bytes = random.bytes(Int(Self.part) * 3 + 12_345)
        let content = SharedContent(base: CountedContent(bytes), key: try #require(ObjectKey("aa/2")), parts: FrequentParts())
        for _ in 0..<200 {
            let offset = Int(random.next() % UInt64(bytes.count)), count = Int(random.next() % 1_500_000) + 1
            let end = min(bytes.count, offset + count)
            let whole = try await content.read(at: Int64(offset), count: count)
            #expect(whole.readableBytesView.elementsEqual(bytes[offset..<end]))
            let some = try #require(try content.readNow(at: Int64(offset), count: count, into: ReadBuffer(capacity: count)))
            #expect(some.readableBytes > 0 && some.readableBytesView.elementsEqual(bytes[offset..<(offset + some.readableBytes)]))
        }
        #expect(try await content.read(at: Int64(bytes.count), count: 100_000).readableBytes == 0)
    }

    @Test("So many are kept and no more, those asked for last; what is deleted goes")
    func bounded() throws {
        let parts = FrequentParts()
        let key = try #require(ObjectKey("aa/3"))
        for index in 0..<100 {
            parts.keep(ByteBuffer(repeating: UInt8(index), count: FrequentParts.size), of: .init(key: key, index: Int64(index)))
            _ = parts.content(of: .init(key: key, index: 0))
        }
        let kept = (0..<100).filter { parts.content(of: .init(key: key, index: Int64($0))) != nil }
        #expect(kept.contains(0) && kept.contains(99))
        #expect(kept.count <= 32)
        parts.forget(key)
        #expect(!(0..<100).contains { parts.content(of: .init(key: key, index: Int64($0))) != nil })
    }

    @Test("Little is never worth a part")
    func little() throws {
        let counted = CountedContent(SeededRandom.content(Int(Self.part)))
        let content = SharedContent(base: counted, key: try #require(ObjectKey("aa/4")), parts: FrequentParts())
        for _ in 0..<5 { _ = try content.readNow(at: 5, count: 10, into: ReadBuffer(capacity: 10)) }
        #expect(counted.reads == 5 && counted.bytesRead == 50)
    }
}

/// Content in memory that counts how often it is read.
private final class CountedContent: OpenBlob {
    private let content: ContentInMemory
    private let counts = Mutex((reads: 0, bytes: 0))

    init(_ bytes: [UInt8]) { content = ContentInMemory(content: ByteBuffer(bytes: bytes)) }

    var reads: Int { counts.withLock { $0.reads } }
    var bytesRead: Int { counts.withLock { $0.bytes } }
    var size: Int64 { content.size }
    var fileDescriptor: CInt? { nil }

    func read(at offset: Int64, count: Int) async throws -> ByteBuffer {
        counts.withLock { $0.reads += 1 }
        return try await content.read(at: offset, count: count)
    }

    func readNow(at offset: Int64, count: Int, into buffer: ReadBuffer) throws -> ByteBuffer? {
        let bytes = try content.readNow(at: offset, count: count, into: buffer)
        counts.withLock { $0 = ($0.reads + 1, $0.bytes + (bytes?.readableBytes ?? 0)) }
        return bytes
    }

    func close() {}
}

extension SeededRandom {
    fileprivate static func content(_ count: Int) -> [UInt8] {
        var random = SeededRandom(seed: 1)
        return random.bytes(count)
    }
}
