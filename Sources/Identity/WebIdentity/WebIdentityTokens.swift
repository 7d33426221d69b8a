import Foundation
import JWTKit
import Stores

/// Verifies tokens of OpenID Connect issuers: RS256 to RS512 and ES256 to ES512, nothing else.
///
/// Source: OpenID Connect Core 1.0 section 3.1.3.7, RFC 8725.
package struct WebIdentityTokens: Sendable {
    /// For clocks that differ.
    private static let leeway: Int64 = 60

    private let keys: IssuerKeys
    private let clock: any WallClock

    package init(source: any IssuerKeySource, clock: any WallClock) {
        keys = IssuerKeys(source: source, clock: clock)
        self.clock = clock
    }

    /// What `token` says, once all of it is proved; `registered` looks up an issuer by its URL. Throws `WebIdentityRefusal`,
    /// or what the look-up throws.
    package func verify(_ token: String, registered: (_ issuer: String) async throws -> RegisteredIssuer?) async throws -> WebIdentity {
        let unverified = try UnverifiedToken(token)
        guard let issuer = try await registered(unverified.issuer) else { throw WebIdentityRefusal.unknownIssuer(unverified.issuer) }
        let key = try await key(for: unverified.header, of: issuer)
        let claims: Claims
        do {
            claims = try await JWTKeyCollection().add(jwk: key).verify(token, as: Claims.self)
        } catch {
            throw WebIdentityRefusal.badSignature
        }
        return try identity(claims.values, of: issuer)
    }

    private func key(for header: UnverifiedToken.Header, of issuer: RegisteredIssuer) async throws -> JWK {
        if let uploaded = issuer.keySet {
            guard let key = KeySet(uploaded).key(for: header) else { throw WebIdentityRefusal.badSignature }
            return key
        }
        return try await keys.key(for: header, of: issuer.url)
    }

    private func identity(_ claims: [String: Claim], of issuer: RegisteredIssuer) throws(WebIdentityRefusal) -> WebIdentity {
        let now = clock.now.milliseconds / 1000
        guard case .number(let expiry) = claims["exp"], let expiry = Int64(exactly: expiry.rounded(.down)) else {
            throw .malformed("Missing a required claim: exp")
        }
        guard now < expiry else { throw .expired(now: now, expiry: expiry) }
        for name in ["nbf", "iat"] {
            if case .number(let moment) = claims[name], moment > Double(now + Self.leeway) { throw .notYetValid }
        }
        guard case .text(let subject) = claims["sub"], !subject.isEmpty else { throw .malformed("Missing a required claim: sub") }
        guard let audiences = claims["aud"]?.texts, !audiences.isEmpty else { throw .malformed("Missing a required claim: aud") }
        let party = claims["azp"]?.texts?.first
        let accepted = (Array(party) + audiences).first { issuer.clientIDs.contains($0) }
        guard let accepted else { throw .wrongAudience }
        return WebIdentity(
            provider: issuer.arn, issuer: String(issuer.url.dropFirst("https://".count)), subject: subject, audience: party ?? accepted,
            audiences: audiences, claims: claims)
    }
}

/// All claims; their meaning is checked by `WebIdentityTokens`, which has the clock.
private struct Claims: JWTPayload {
    let values: [String: Claim]

    init(from decoder: any Decoder) throws { values = try decoder.singleValueContainer().decode([String: Claim].self) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }

    func verify(using algorithm: some JWTAlgorithm) async throws {}
}

extension Array {
    /// The value as a list of at most one.
    fileprivate init(_ value: Element?) { self = value.map { [$0] } ?? [] }
}
