import Identity
import Stores
import Synchronization
import TestSupport
import Testing

/// Keys by discovery: remembered, asked for again when a key is new, and not more often than a stranger could make it.
@Suite("Keys of issuers") struct IssuerKeysTests {
    private final class Source: IssuerKeySource {
        let state = Mutex<(keys: [String], isDown: Bool, calls: Int)>(([], false, 0))
        var calls: Int { state.withLock { $0.calls } }

        func set(_ keys: [String], isDown: Bool = false) { state.withLock { $0 = (keys, isDown, $0.calls) } }

        func keySet(of issuer: String) async throws -> [UInt8] {
            try state.withLock { state in
                state.calls += 1
                guard !state.isDown else { throw IssuerUnreachable("down") }
                return Array(TokenForge.keySet(state.keys).utf8)
            }
        }
    }

    private let clock = FixedClock()
    private let source = Source()
    private let tokens: WebIdentityTokens
    private let first = TokenForge.p256("one")
    private let second = TokenForge.p256("two")

    init() throws {
        tokens = WebIdentityTokens(source: source, clock: clock)
        source.set([try first.jwk()])
    }

    private func verify(_ forge: TokenForge) async throws -> WebIdentity {
        let seconds = clock.now.milliseconds / 1000
        let token = try forge.token("ES256", #"{"iss":"https://i.example","sub":"s","aud":"a","exp":\#(seconds + 300)}"#)
        return try await tokens.verify(token) { RegisteredIssuer(arn: "arn", url: $0, clientIDs: ["a"], keySet: nil) }
    }

    @Test("One question serves many tokens, also when they come at once") func once() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await verify(first) } }
            try await group.waitForAll()
        }
        #expect(source.calls == 1)
    }

    @Test("A new key is asked for at once, a key that is nowhere only every thirty seconds") func newKey() async throws {
        _ = try await verify(first)
        clock.advance(by: .seconds(31))
        source.set([try first.jwk(), try second.jwk()])
        _ = try await verify(second)
        #expect(source.calls == 2)
        for _ in 0..<50 { await #expect(throws: WebIdentityRefusal.badSignature) { try await verify(TokenForge.p256("nowhere")) } }
        #expect(source.calls == 2)
        clock.advance(by: .seconds(31))
        await #expect(throws: WebIdentityRefusal.badSignature) { try await verify(TokenForge.p256("nowhere")) }
        #expect(source.calls == 3)
    }

    @Test("A key that the issuer takes back is refused within the hour") func retiredKey() async throws {
        _ = try await verify(first)
        source.set([try second.jwk()])
        clock.advance(by: .seconds(3601))
        await #expect(throws: WebIdentityRefusal.badSignature) { try await verify(first) }
    }

    @Test("An issuer that fails is asked ever more seldom, while what it said serves for a day") func failure() async throws {
        _ = try await verify(first)
        source.set([], isDown: true)
        clock.advance(by: .seconds(3601))
        _ = try await verify(first)
        await #expect(throws: WebIdentityRefusal.unreachable("down")) { try await verify(second) }
        let calls = source.calls
        for _ in 0..<60 {
            clock.advance(by: .seconds(10))
            _ = try? await verify(second)
        }
        #expect(source.calls - calls <= 12)
        _ = try await verify(first)
        clock.advance(by: .seconds(24 * 3600))
        await #expect(throws: WebIdentityRefusal.unreachable("down")) { try await verify(first) }
        source.set([try first.jwk()])
        clock.advance(by: .seconds(301))
        _ = try await verify(first)
    }
}
