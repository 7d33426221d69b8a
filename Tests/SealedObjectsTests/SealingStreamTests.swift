import Crypto
import NIOCore
import Testing

@testable import SealedObjects

/// A message that comes in pieces is sealed as the same message in one.
@Suite struct SealingStreamTests {
    private let key = SymmetricKey(data: Array(UInt8(0)..<32))
    private let salt = [UInt8](repeating: 5, count: 24)
    private let plain = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 / 7) }

    @Test(arguments: [1, 100, 16_383, 16_384, 16_385, 40_000, 70_000]) func pieces(of size: Int) throws {
        let whole = TestMessage.seal(plain, key, salt: salt, [1])
        var stream = SealingStream(dataKey: key, salt: salt, context: [1])
        var sealed = ByteBuffer()
        for (index, start) in stride(from: 0, to: plain.count, by: size).enumerated() {
            stream.append(ByteBuffer(bytes: plain[start..<min(plain.count, start + size)]), to: &sealed)
            #expect(stream.state.sealedCount == Int64(sealed.readableBytes))
            // Every third time somebody else goes on.
            if index % 3 == 2 { stream = SealingStream(dataKey: key, from: stream.state, context: [1]) }
        }
        #expect(stream.state.count == Int64(plain.count))
        stream.finish(to: &sealed)
        #expect(Array(sealed.readableBytesView) == whole)
    }

    @Test func nothing() throws {
        let stream = SealingStream(dataKey: key, salt: salt, context: [])
        var sealed = ByteBuffer()
        stream.finish(to: &sealed)
        #expect(try TestMessage.open(Array(sealed.readableBytesView), key, []) == [])
    }
}
