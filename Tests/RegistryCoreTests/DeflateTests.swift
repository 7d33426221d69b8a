import NIOCore
import TestSupport
import Testing

@testable import RegistryCore

/// What goes through zlib comes back, in pieces of any size.
@Suite struct DeflateTests {
    @Test(arguments: 0..<6) func comesBackAsItWas(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for size in [0, 1, 100_000, 700_000] {
            let content = Bool.random(using: &random) ? random.bytes(size) : (0..<size).map { UInt8(truncatingIfNeeded: $0 / 1000) }
            let compressed = try through(.compress, content, &random)
            #expect(try through(.expand, compressed, &random) == content)
        }
    }

    @Test func refusesWhatIsCutOffOrDamaged() throws {
        var random = SeededRandom(seed: 1)
        let compressed = try through(.compress, random.bytes(100_000), &random)
        #expect(throws: DeflateError.self) { try through(.expand, Array(compressed.dropLast()), &random) }
        var damaged = compressed
        damaged[compressed.count - 1] ^= 1
        #expect(throws: DeflateError.self) { try through(.expand, damaged, &random) }
    }

    private func through(_ direction: Deflate.Direction, _ content: [UInt8], _ random: inout SeededRandom) throws -> [UInt8] {
        var stream = try Deflate(direction)
        var result: [UInt8] = []
        var rest = content[...]
        repeat {
            let piece = rest.prefix(Int.random(in: 1...200_000, using: &random))
            rest = rest.dropFirst(piece.count)
            result += try stream.process(ByteBuffer(bytes: piece), isLast: rest.isEmpty).readableBytesView
        } while !rest.isEmpty
        return result
    }
}
