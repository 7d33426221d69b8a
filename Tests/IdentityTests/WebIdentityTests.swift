import Crypto
import Foundation
import Identity
import TestSupport
import Testing

@Suite("Web identity tokens") struct WebIdentityTests {
    private static let issuer = "https://gitlab.example.com"
    private static let provider = "arn:aws:iam::123456789012:oidc-provider/gitlab.example.com"
    private let clock = FixedClock()
    private var now: Int64 { clock.now.milliseconds / 1000 }

    private func claims(_ more: String = "", exp: Int64 = 300, aud: String = #""sts.amazonaws.com""#) -> String {
        #"{"iss":"\#(Self.issuer)","sub":"project_path:a/b:ref:main","aud":\#(aud),"iat":\#(now),"nbf":\#(now),"exp":\#(now + exp)\#(more)}"#
    }

    /// Verifies against an issuer with this uploaded key set.
    private func verify(_ token: String, _ keys: [String], clientIDs: [String] = ["sts.amazonaws.com"]) async throws -> WebIdentity {
        let keySet = TokenForge.keySet(keys)
        return try await WebIdentityTokens(source: NoIssuerKeys(), clock: clock).verify(token) { url in
            url == Self.issuer
                ? RegisteredIssuer(arn: Self.provider, url: url, clientIDs: clientIDs, keySet: Array(keySet.utf8)) : nil
        }
    }

    @Test("RS256 to RS512 and ES256 to ES512 are good", arguments: ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"])
    func algorithms(_ algorithm: String) async throws {
        let forge =
            switch algorithm {
            case "ES256": TokenForge.p256("k")
            case "ES384": TokenForge.p384("k")
            case "ES512": TokenForge.p521("k")
            default: try TokenForge.rsa("k")
            }
        let token = try forge.token(algorithm, claims())
        let strangers = [try TokenForge.rsa("other").jwk(), try TokenForge.p256("third").jwk(), #"{"kty":"oct","kid":"o","k":"AAAA"}"#]
        let identity = try await verify(token, strangers + [try forge.jwk()])
        #expect(identity.subject == "project_path:a/b:ref:main")
        #expect(identity.audience == "sts.amazonaws.com")
        #expect(identity.provider == Self.provider)
        #expect(try await verify(token, [try forge.jwk(algorithm: algorithm)]) == identity)
        let bytes = Array(token.utf8)
        for index in stride(from: 0, to: bytes.count, by: 7) where bytes[index] != UInt8(ascii: ".") {
            var changed = bytes
            changed[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let text = String(decoding: changed, as: UTF8.self)
            await #expect(throws: WebIdentityRefusal.self, "byte \(index)") { try await verify(text, [try forge.jwk()]) }
        }
    }

    @Test("None, HS256 and PS256 are never good, whatever the key set says") func otherAlgorithms() async throws {
        let (rsa, ec) = (try TokenForge.rsa("k"), TokenForge.p256("k"))
        let body = TokenForge.base64URL(Data(claims().utf8))
        let none = "\(TokenForge.base64URL(Data(#"{"alg":"none","kid":"k"}"#.utf8))).\(body)."
        let noneSigned = "\(TokenForge.base64URL(Data(#"{"alg":"none","kid":"k"}"#.utf8))).\(body).AAAA"
        // The classic confusion: an HMAC with the public key's own text for secret.
        let head = TokenForge.base64URL(Data(#"{"alg":"HS256","kid":"k"}"#.utf8))
        let secret = SymmetricKey(data: Data(try rsa.jwk().utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(head).\(body)".utf8), using: secret)
        let hmac = "\(head).\(body).\(TokenForge.base64URL(Data(code)))"
        await #expect(throws: WebIdentityRefusal.self) { try await verify(none, [rsa.jwk()]) }
        for token in [noneSigned, hmac, try rsa.token("PS256", claims())] {
            await #expect(throws: WebIdentityRefusal.badSignature) { try await verify(token, [rsa.jwk()]) }
            await #expect(throws: WebIdentityRefusal.badSignature) { try await verify(token, [#"{"kty":"oct","kid":"k","k":"AAAA"}"#]) }
        }
        // An algorithm of the other kind of key, and another than the key is for.
        let confused = try ec.token("ES256", claims(), header: #"{"alg":"RS256","kid":"k"}"#)
        await #expect(throws: WebIdentityRefusal.badSignature) { try await verify(confused, [ec.jwk()]) }
        await #expect(throws: WebIdentityRefusal.badSignature) { try await verify(rsa.token("RS384", claims()), [rsa.jwk(algorithm: "RS256")]) }
    }

    @Test("A key of another id, of the same id twice, of encryption, or of nobody") func keys() async throws {
        let (mine, other) = (TokenForge.p256("k"), TokenForge.p256("k"))
        let token = try mine.token("ES256", claims())
        await #expect(throws: WebIdentityRefusal.badSignature) { try await verify(token, [other.jwk()]) }
        await #expect(throws: WebIdentityRefusal.badSignature) { try await verify(token, [mine.jwk(), other.jwk()]) }
        await #expect(throws: WebIdentityRefusal.badSignature) { try await verify(token, []) }
        let encryption = try mine.jwk().replacing(#""kty""#, with: #""use":"enc","kty""#)
        await #expect(throws: WebIdentityRefusal.badSignature) { try await verify(token, [encryption]) }
        let unnamed = try mine.token("ES256", claims(), header: #"{"alg":"ES256"}"#)
        #expect(try await verify(unnamed, [mine.jwk()]).audience == "sts.amazonaws.com")
        await #expect(throws: WebIdentityRefusal.badSignature) { try await verify(unnamed, [mine.jwk(), TokenForge.p256("z").jwk()]) }
        let critical = try mine.token("ES256", claims(), header: #"{"alg":"ES256","kid":"k","crit":["b64"],"b64":false}"#)
        await #expect(throws: WebIdentityRefusal.self) { try await verify(critical, [mine.jwk()]) }
    }

    @Test("Not before its time, not after it, and never without an end") func times() async throws {
        let forge = TokenForge.p256("k")
        let keys = [try forge.jwk()]
        let token = try forge.token("ES256", claims(exp: 10))
        clock.advance(by: .seconds(9))
        #expect(try await verify(token, keys).subject.isEmpty == false)
        clock.advance(by: .seconds(1))
        await #expect(throws: WebIdentityRefusal.expired(now: now, expiry: now)) { try await verify(token, keys) }
        for (name, ahead, good) in [("nbf", Int64(60), true), ("nbf", 61, false), ("iat", 60, true), ("iat", 61, false)] {
            let text = claims().replacing(#""\#(name)":\#(now)"#, with: #""\#(name)":\#(now + ahead)"#)
            let early = try forge.token("ES256", text)
            if good {
                #expect(try await verify(early, keys).audience == "sts.amazonaws.com")
            } else {
                await #expect(throws: WebIdentityRefusal.notYetValid) { try await verify(early, keys) }
            }
        }
        for name in ["exp", "sub", "aud"] {
            let text = claims().replacing(#""\#(name)":"#, with: #""x\#(name)":"#)
            let lacking = try forge.token("ES256", text)
            await #expect(throws: WebIdentityRefusal.malformed("Missing a required claim: \(name)")) { try await verify(lacking, keys) }
        }
    }

    @Test("The audience, or the authorized party, must be registered") func audiences() async throws {
        let forge = TokenForge.p256("k")
        let keys = [try forge.jwk()]
        let many = try forge.token("ES256", claims(aud: #"["a","sts.amazonaws.com"]"#))
        #expect(try await verify(many, keys).audience == "sts.amazonaws.com")
        await #expect(throws: WebIdentityRefusal.wrongAudience) { try await verify(many, keys, clientIDs: ["b"]) }
        await #expect(throws: WebIdentityRefusal.wrongAudience) { try await verify(many, keys, clientIDs: []) }
        let party = try forge.token("ES256", claims(#","azp":"app""#, aud: #""other""#))
        let identity = try await verify(party, keys, clientIDs: ["app"])
        #expect(identity.audience == "app")
        #expect(identity.conditionKeys["gitlab.example.com:aud"] == ["app"])
        #expect(identity.conditionKeys["gitlab.example.com:oaud"] == ["other"])
    }

    @Test("An issuer that is not registered, and texts that are no tokens") func foreign() async throws {
        let forge = TokenForge.p256("k")
        let keys = [try forge.jwk()]
        let stranger = try forge.token("ES256", claims().replacing(Self.issuer, with: "https://evil.example.com"))
        await #expect(throws: WebIdentityRefusal.unknownIssuer("https://evil.example.com")) { try await verify(stranger, keys) }
        for text in ["", "a.b", "a.b.c", "....", "e30.e30.e30", String(repeating: "A", count: 5000)] {
            await #expect(throws: WebIdentityRefusal.self, "\(text)") { try await verify(text, keys) }
        }
    }

    @Test("Claims become condition keys; tags and source identity come in both forms") func claimsOfProviders() async throws {
        let forge = TokenForge.p256("k")
        let nested = #""https://aws.amazon.com/tags":{"principal_tags":{"team":["web"],"run":["7"]},"transitive_tag_keys":["run"]}"#
        let flat = #""https://aws.amazon.com/tags/principal_tags/team":"web","https://aws.amazon.com/tags/transitive_tag_keys":["team"]"#
        let common =
            #","ref_protected":"true","project_id":42,"admin":false,"groups":["a","b"],"user":{"name":"x"},"#
            + #""https://aws.amazon.com/source_identity":"alice","amr":["pwd","otp"],"#
        let one = try await verify(forge.token("ES256", claims(common + nested)), [forge.jwk()])
        #expect(one.tags == ["team": "web", "run": "7"])
        #expect(one.transitiveTagKeys == ["run"])
        #expect(one.sourceIdentity == "alice")
        let keys = one.conditionKeys
        #expect(keys["gitlab.example.com:sub"] == ["project_path:a/b:ref:main"])
        #expect(keys["gitlab.example.com:project_id"] == ["42"])
        #expect(keys["gitlab.example.com:admin"] == ["false"])
        #expect(keys["gitlab.example.com:groups"] == ["a", "b"])
        #expect(keys["gitlab.example.com:amr"] == ["pwd", "otp"])
        #expect(keys["gitlab.example.com:user"] == nil)
        let two = try await verify(forge.token("ES256", claims(common + flat)), [forge.jwk()])
        #expect(two.tags == ["team": "web"])
        #expect(two.transitiveTagKeys == ["team"])
    }
}
