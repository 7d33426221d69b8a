import Crypto
import CryptoExtras
import Foundation

/// An issuer of JSON Web Tokens that signs whatever a test wants, with swift-crypto and nothing of jwt-kit.
package struct TokenForge: Sendable {
    /// What it signs with, by the kinds of keys that issuers have.
    package enum Key: Sendable {
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case p521(P521.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
    }

    package let kid: String
    package let key: Key

    /// New keys, under the id that tokens name.
    package static func p256(_ kid: String) -> TokenForge { TokenForge(kid: kid, key: .p256(P256.Signing.PrivateKey())) }
    package static func p384(_ kid: String) -> TokenForge { TokenForge(kid: kid, key: .p384(P384.Signing.PrivateKey())) }
    package static func p521(_ kid: String) -> TokenForge { TokenForge(kid: kid, key: .p521(P521.Signing.PrivateKey())) }
    package static func rsa(_ kid: String) throws -> TokenForge { TokenForge(kid: kid, key: .rsa(try _RSA.Signing.PrivateKey(keySize: .bits2048))) }

    /// The token of `claims`, a JSON object; `header` replaces the usual one.
    package func token(_ algorithm: String, _ claims: String, header: String? = nil) throws -> String {
        let head = header ?? #"{"alg":"\#(algorithm)","kid":"\#(kid)","typ":"JWT"}"#
        let signed = "\(Self.base64URL(Data(head.utf8))).\(Self.base64URL(Data(claims.utf8)))"
        return "\(signed).\(Self.base64URL(try signature(Data(signed.utf8), algorithm)))"
    }

    /// The public key as a member of a key set.
    package func jwk(algorithm: String? = nil) throws -> String {
        let alg = algorithm.map { #","alg":"\#($0)""# } ?? ""
        switch key {
        case .p256(let key): return Self.curve("P-256", key.publicKey.rawRepresentation, kid, alg)
        case .p384(let key): return Self.curve("P-384", key.publicKey.rawRepresentation, kid, alg)
        case .p521(let key): return Self.curve("P-521", key.publicKey.rawRepresentation, kid, alg)
        case .rsa(let key):
            let primitives = try key.publicKey.getKeyPrimitives()
            let (modulus, exponent) = (primitives.modulus, primitives.publicExponent)
            return #"{"kty":"RSA","use":"sig","kid":"\#(kid)","n":"\#(Self.base64URL(modulus))","e":"\#(Self.base64URL(exponent))"\#(alg)}"#
        }
    }

    /// A JSON Web Key Set of these keys.
    package static func keySet(_ keys: [String]) -> String { #"{"keys":[\#(keys.joined(separator: ","))]}"# }

    package static func base64URL(_ data: some DataProtocol) -> String {
        Data(data).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func curve(_ name: String, _ point: Data, _ kid: String, _ alg: String) -> String {
        let (x, y) = (base64URL(point.prefix(point.count / 2)), base64URL(point.suffix(point.count / 2)))
        return #"{"kty":"EC","crv":"\#(name)","kid":"\#(kid)","x":"\#(x)","y":"\#(y)"\#(alg)}"#
    }

    private func signature(_ data: Data, _ algorithm: String) throws -> Data {
        switch key {
        case .p256(let key): return try key.signature(for: data).rawRepresentation
        case .p384(let key): return try key.signature(for: data).rawRepresentation
        case .p521(let key): return try key.signature(for: data).rawRepresentation
        case .rsa(let key):
            switch algorithm {
            case "RS384": return try key.signature(for: SHA384.hash(data: data), padding: .insecurePKCS1v1_5).rawRepresentation
            case "RS512": return try key.signature(for: SHA512.hash(data: data), padding: .insecurePKCS1v1_5).rawRepresentation
            case "PS256": return try key.signature(for: SHA256.hash(data: data), padding: .PSS).rawRepresentation
            default: return try key.signature(for: SHA256.hash(data: data), padding: .insecurePKCS1v1_5).rawRepresentation
            }
        }
    }
}
