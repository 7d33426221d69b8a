import Stores

/// A token for whoever pulls from a public registry without credentials.
package struct AnonymousToken: Sendable {
    /// Opaque, URL-safe.
    package let text: String
    package let lifetime: Duration

    package init(text: String, lifetime: Duration) {
        self.text = text
        self.lifetime = lifetime
    }
}

/// Issues and checks the tokens of anonymous pulls. They name nobody and give no rights; nothing is kept of them.
package struct AnonymousTokens: Sendable {
    private static let lifetime = Duration.seconds(12 * 3600)

    private struct Contents: Codable, Sendable {
        /// In milliseconds since 1970.
        let expiresAt: Int64
    }

    private let clock: any WallClock
    private let seal: TokenSeal

    init(keys: TokenKeys, clock: any WallClock) {
        self.clock = clock
        seal = TokenSeal(keys: keys, purpose: "anonymous token")
    }

    /// A new token.
    package func issue() async throws -> AnonymousToken {
        let contents = Contents(expiresAt: (clock.now + Self.lifetime).milliseconds)
        return AnonymousToken(text: try seal.seal(contents, with: try await seal.keys.current()), lifetime: Self.lifetime)
    }

    /// True of a token that was issued here and has not expired.
    package func accepts(_ text: String) async throws -> Bool {
        guard text.utf8.count < 500, let opened = try await seal.open(text, as: Contents.self) else { return false }
        return clock.now.milliseconds < opened.contents.expiresAt
    }
}
