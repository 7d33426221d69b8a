import Crypto
import Foundation
import Testing

@testable import SealedObjects

/// The primitives and the construction against what others published or made.
@Suite struct VectorTests {
    private struct Messages: Decodable {
        struct Message: Decodable {
            let size: Int
            let key: String
            let context: String
            let header: String
            let sealedSha256: String
            let sealedSize: Int64
            let sealed: String?
        }
        let messages: [Message]
    }

    private struct GCM: Decodable {
        struct Case: Decodable {
            let key: String
            let nonce: String
            let ct: String
            let tag: String
            /// Nil: must be refused.
            let pt: String?
        }
        let cases: [Case]
    }

    private struct HKDFs: Decodable {
        struct Case: Decodable {
            let info: String
            let L: String
            let PRK: String
            let OKM: String
        }
        let cases: [Case]
    }

    private func vectors<Value: Decodable>(_ name: String) throws -> Value {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Vectors/\(name).json")
        return try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
    }

    /// What `cryptography` sealed is opened here, and with the same salt the same bytes come out.
    @Test func messagesOfAnotherImplementation() throws {
        let file: Messages = try vectors("cobblestone-256")
        #expect(file.messages.count == 7)
        for message in file.messages {
            let plain = (0..<message.size).map { UInt8(truncatingIfNeeded: 7 * $0 + 3) }
            let (key, context, header) = (SymmetricKey(data: bytes(message.key)), bytes(message.context), bytes(message.header))
            #expect(ObjectLayout.sealedSize(of: Int64(message.size)) == message.sealedSize)
            #expect(ObjectLayout.size(ofSealed: message.sealedSize) == Int64(message.size))

            let sealed = TestMessage.seal(plain, key, salt: Array(header[..<24]), context)
            #expect(Array(sealed[..<56]) == header)
            #expect(Array(SHA256.hash(data: sealed)) == bytes(message.sealedSha256), "\(message.size) bytes")
            if let whole = message.sealed { #expect(sealed == bytes(whole)) }
            #expect(try TestMessage.open(sealed, key, context) == plain)
        }
    }

    /// Two of Wycheproof's messages of Cobblestone-256 (tcId 1 and 2), unpacked.
    @Test func wycheproof() throws {
        let key = SymmetricKey(data: Array("YELLOW SUBMARINE YELLOW SUBMARIN".utf8))
        let empty = bytes(
            "43a2e39431cbae0389d3fc86adf46f7c3a24de88d9311617e53f3164cc1d5dc738a66b97f0bf786565c31799c2f463d50a7e10046011dc6fc3c939e3a5db7affb6191551669554fb"
        )
        #expect(try TestMessage.open(empty, key, []) == [])
        let short = bytes(
            "a1a1b56f6db58cd1ede0c5c9db62aef20d3f96a6c594bb9252bb38122de91236502b42a1d7fcab820ffa292940d2f86add212cfa42c38df19d3cc9139ee61a5990d3db57433514229beea49a8a72bd"
        )
        let message = try TestMessage.open(short, key, [])
        #expect(message.count == 7)
        #expect(
            Array(SHA512.hash(data: message))
                == bytes(
                    "e85f32a85f1d4f7c9b2d36d20eca8435d81253e7075e9dea069eb1b6da48daf92ef1797367b520d8a46c4f72cecb85b1daff8887fcb41721d39943d1952fc180"
                ))
    }

    @Test func aesGCM() throws {
        let file: GCM = try vectors("aes-256-gcm")
        #expect(file.cases.contains { $0.pt == nil } && file.cases.contains { $0.pt != nil })
        for vector in file.cases {
            let keys = MessageKeys(key: bytes(vector.key), baseNonce: bytes(vector.nonce))
            let sealed = bytes(vector.ct) + bytes(vector.tag)
            guard let plain = vector.pt.map(bytes) else {
                #expect(throws: ObjectDamage.self) { try TestMessage.openChunk(sealed, keys) }
                continue
            }
            #expect(try TestMessage.openChunk(sealed, keys) == plain)
            #expect(TestMessage.sealChunk(plain, keys) == sealed)
        }
    }

    @Test func hkdf() throws {
        let file: HKDFs = try vectors("hkdf-sha256")
        #expect(file.cases.count == 3)
        for vector in file.cases {
            let count = try #require(Int(vector.L))
            let key = HKDF<SHA256>.expand(pseudoRandomKey: bytes(vector.PRK), info: bytes(vector.info), outputByteCount: count)
            #expect(key.withUnsafeBytes { Array($0) } == bytes(vector.OKM))
        }
    }
}

func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16) ?? 0 }
}
