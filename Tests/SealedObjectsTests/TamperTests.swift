import Crypto
import Testing

@testable import SealedObjects

/// What was changed in a sealed message is refused.
@Suite struct TamperTests {
    private let key = SymmetricKey(data: Array(UInt8(0)..<32))
    private let context = Array("a blob".utf8)
    private let plain = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
    private var sealed: [UInt8] { TestMessage.seal(plain, key, salt: Array(repeating: 9, count: 24), context) }

    /// Salt, commitment, and the first, a middle and the last byte of each chunk and tag.
    @Test(arguments: [
        0, 23, 24, 55, 56, 57, 9000, 16_439, 16_440, 16_455, 16_456, 30_000, 32_839, 32_840, 32_855, 32_856, 40_088, 40_103,
    ])
    func aChangedByte(at place: Int) {
        for bit in [UInt8(1), 0x80] {
            var changed = sealed
            changed[place] ^= bit
            #expect(throws: ObjectDamage.self) { try TestMessage.open(changed, key, context) }
        }
    }

    @Test(arguments: [0, 1, 55, 56, 57, 71, 72, 16_455, 16_456, 16_457, 16_472, 32_856, 32_857, 32_872, 40_103])
    func aCut(to length: Int) {
        #expect(throws: ObjectDamage.self) { try TestMessage.open(Array(sealed[..<length]), key, context) }
    }

    @Test func chunksThatWereSwappedOrRepeated() {
        let (header, first, second, last) = (sealed[..<56], sealed[56..<16_456], sealed[16_456..<32_856], sealed[32_856...])
        for chunks in [[second, first, last], [first, last], [first, first, last], [first, second, second, last], [first, second, last, last]] {
            #expect(throws: ObjectDamage.self) { try TestMessage.open(Array(header) + chunks.flatMap { $0 }, key, context) }
        }
    }

    @Test func anotherKeyOrContext() {
        let sealed = sealed
        #expect(throws: ObjectDamage.self) { try TestMessage.open(sealed, SymmetricKey(size: .bits256), context) }
        #expect(throws: ObjectDamage.self) { try TestMessage.open(sealed, key, context + [0]) }
        #expect(throws: ObjectDamage.self) { try TestMessage.open(sealed, key, []) }
    }

    @Test func whatIsSmall() throws {
        let small = SmallSeal.seal([1, 2, 3], under: key, for: context)
        #expect(small.count == 3 + SmallSeal.overhead && small != SmallSeal.seal([1, 2, 3], under: key, for: context))
        #expect(try SmallSeal.open(small, under: key, for: context) == [1, 2, 3])
        for place in small.indices {
            var changed = small
            changed[place] ^= 4
            #expect(throws: ObjectDamage.self) { try SmallSeal.open(changed, under: key, for: context) }
        }
        #expect(throws: ObjectDamage.self) { try SmallSeal.open(small, under: key, for: []) }
        #expect(throws: ObjectDamage.self) { try SmallSeal.open([], under: key, for: context) }
    }

    @Test(arguments: [0, 55, 56, 71, 16_456, 16_457, 16_471]) func impossibleLengths(_ length: Int64) {
        #expect(ObjectLayout.size(ofSealed: length) == nil)
    }
}
