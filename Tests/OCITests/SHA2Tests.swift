import Crypto
import OCI
import TestSupport
import Testing

@Suite("SHA-2")
struct SHA2Tests {
    /// FIPS 180-2 appendices B and C, and the empty message.
    static let vectors: [(message: String, sha256: String, sha512: String)] = [
        (
            "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
        ),
        (
            "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            "204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c33596fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec631238ca3445"
        ),
        (
            String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
            "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b"
        ),
    ]

    @Test("NIST's vectors", arguments: vectors)
    func vector(_ message: String, sha256: String, sha512: String) {
        let bytes = Array(message.utf8)
        #expect(Digest.of(bytes).description == "sha256:\(sha256)")
        #expect(Digest.of(bytes, by: .sha512).description == "sha512:\(sha512)")
    }

    @Test("A stream saved and resumed at any place gives the digest that swift-crypto gives", arguments: 0..<UInt64(40))
    func savedAndResumed(seed: UInt64) throws {
        var generator = SeededRandom(seed: seed)
        let content = (0..<Int.random(in: 0...5_000, using: &generator)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let expected = Array(SHA256.hash(data: content))
        var stream = SHA256Stream()
        var position = 0
        while position < content.count {
            let end = min(content.count, position + Int.random(in: 1...200, using: &generator))
            content[position..<end].withUnsafeBytes { stream.update($0) }
            position = end
            #expect(stream.byteCount == Int64(position))
            let saved = stream.saved
            stream = try #require(SHA256Stream(saved: saved))
            #expect(stream.saved == saved)
        }
        #expect(stream.digest().bytes == expected)
        #expect(stream.digest().bytes == expected, "asking for the digest changes nothing")
    }

    @Test("A block boundary is no special place to save at", arguments: [0, 1, 55, 56, 63, 64, 65, 127, 128, 129])
    func boundary(length: Int) throws {
        let content = [UInt8](repeating: 7, count: length)
        var stream = SHA256Stream()
        content.withUnsafeBytes { stream.update($0) }
        var resumed = try #require(SHA256Stream(saved: stream.saved))
        content.withUnsafeBytes { resumed.update($0) }
        #expect(resumed.digest().bytes == Array(SHA256.hash(data: content + content)))
    }

    @Test("A state that this build did not write is refused or harmless")
    func foreignState() throws {
        var stream = SHA256Stream()
        [UInt8](repeating: 1, count: 100).withUnsafeBytes { stream.update($0) }
        let saved = stream.saved
        #expect(SHA256Stream(saved: []) == nil)
        #expect(SHA256Stream(saved: saved + [0]) == nil)
        #expect(SHA256Stream(saved: [2] + saved.dropFirst()) == nil, "another version")
        #expect(SHA256Stream(saved: saved.dropLast() + [64]) == nil, "a block that is full cannot be pending")
        #expect(SHA256Stream(saved: saved.dropLast() + [35]) == nil, "the fill belies the count")

        var generator = SeededRandom(seed: 2)
        for _ in 0..<2_000 {
            var mutated = saved
            mutated[Int.random(in: 0..<saved.count, using: &generator)] = UInt8.random(in: .min ... .max, using: &generator)
            if var resumed = SHA256Stream(saved: mutated) {
                [UInt8](repeating: 2, count: 70).withUnsafeBytes { resumed.update($0) }
                #expect(resumed.digest().bytes.count == 32)
            }
        }
    }

    @Test("SHA-512 over pieces is SHA-512 over the whole", arguments: 0..<UInt64(10))
    func sha512(seed: UInt64) {
        var generator = SeededRandom(seed: seed)
        let content = (0..<3_000).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        var stream = SHA512Stream()
        var rest = content[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...300, using: &generator))
            piece.withUnsafeBytes { stream.update($0) }
            rest = rest.dropFirst(piece.count)
        }
        #expect(stream.digest().bytes == Array(SHA512.hash(data: content)))
    }
}
