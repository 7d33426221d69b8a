import OCI
import TestSupport
import Testing

@Suite("Ranges")
struct ByteRangeTests {
    @Test(
        "Ranges of 2048 bytes",
        arguments: [
            ("bytes=500-1499", 500..<1500), ("bytes=500-", 500..<2048), ("bytes=-500", 1548..<2048), ("bytes=2000-5000", 2000..<2048),
            ("bytes=0-0", 0..<1), ("bytes=0-", 0..<2048), ("bytes=2047-2047", 2047..<2048), ("bytes=-1", 2047..<2048), ("bytes=-5000", 0..<2048),
            ("Bytes=0-1", 0..<2), ("bytes=0-99999999999999999999", 0..<2048), ("bytes=-99999999999999999999", 0..<2048),
        ] as [(String, Range<Int64>)])
    func satisfiable(_ header: String, range: Range<Int64>) throws {
        #expect(try #require(ByteRange(header: header)).within(2048) == range)
    }

    @Test(
        "Ranges that select nothing of 2048 bytes",
        arguments: ["bytes=500-0", "bytes=2048-", "bytes=5000-10000", "bytes=-0", "bytes=99999999999999999999-", "bytes=2048-2048"])
    func unsatisfiable(_ header: String) throws {
        #expect(try #require(ByteRange(header: header)).within(2048) == nil)
    }

    @Test("Nothing can be selected of nothing", arguments: ["bytes=0-", "bytes=0-0", "bytes=-1"])
    func empty(_ header: String) throws {
        #expect(try #require(ByteRange(header: header)).within(0) == nil)
    }

    @Test(
        "Headers that are ignored",
        arguments: [
            "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=1", "bytes=1-2,4-5", "bytes=--1", "bytes=1--2", "items=0-1", "0-1", "bytes=+1-2",
            "bytes= 1-2", "bytes=1-2 ", "bytes=1_0-2", "bytes=0x1-2", "bytes=\u{0661}-2",
        ])
    func ignored(_ header: String) { #expect(ByteRange(header: header) == nil) }

    @Test("Chunks", arguments: [("0-0", 0, 1), ("0-1023", 0, 1024), ("1024-2047", 1024, 1024)] as [(String, Int64, Int64)])
    func chunk(_ header: String, first: Int64, length: Int64) throws {
        let range = try #require(ChunkRange(header: header))
        #expect(range.first == first && range.length == length)
    }

    @Test(
        "Headers that are no chunk",
        arguments: [
            "", "-", "5", "5-", "-5", "5-4", "bytes 0-1/2", "bytes=0-1", "0-1/2", "0-1-2", "a-b", "0-9223372036854775807", "99999999999999999999-1",
        ])
    func noChunk(_ header: String) { #expect(ChunkRange(header: header) == nil) }

    @Test("A range never reaches outside the content", arguments: 0..<UInt64(4))
    func bounds(seed: UInt64) {
        var generator = SeededRandom(seed: seed)
        for _ in 0..<5_000 {
            let text =
                "bytes=" + String((0..<Int.random(in: 1...8, using: &generator)).map { _ in "0123456789-".randomElement(using: &generator) ?? "-" })
            let size = Int64.random(in: 0...2_000, using: &generator)
            guard let range = ByteRange(header: text)?.within(size) else { continue }
            #expect(!range.isEmpty && range.lowerBound >= 0 && range.upperBound <= size, "\(text) of \(size)")
        }
    }
}
