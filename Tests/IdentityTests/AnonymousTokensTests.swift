import Identity
import TestSupport
import Testing

/// The tokens of anonymous pulls.
@Suite struct AnonymousTokensTests {
    let installation: TestInstallation
    let tokens: AnonymousTokens

    init() throws {
        installation = try TestInstallation()
        tokens = installation.identity.anonymousTokens
    }

    @Test func aTokenIsGoodForItsLifetime() async throws {
        let token = try await tokens.issue()
        #expect(try await tokens.accepts(token.text))
        installation.clock.advance(by: token.lifetime - .milliseconds(1))
        #expect(try await tokens.accepts(token.text))
        installation.clock.advance(by: .milliseconds(1))
        #expect(try await !tokens.accepts(token.text))
    }

    @Test func nothingElseIsAToken() async throws {
        let token = try await tokens.issue().text
        let changed = token.dropLast() + (token.hasSuffix("A") ? "B" : "A")
        for text in ["", "abc", String(changed), token + "A", String(repeating: token, count: 20)] { #expect(try await !tokens.accepts(text)) }
    }
}
