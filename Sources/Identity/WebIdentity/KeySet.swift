import Foundation
import JWTKit

/// The keys of a JSON Web Key Set that signatures of tokens can be checked with.
///
/// Source: RFC 7517; RFC 8725 section 3.1: an algorithm goes with one kind of key, whatever a token says.
package struct KeySet: Sendable {
    private let keys: [JWK]

    /// The usable keys of `json`, without those of other kinds; none when it is no key set.
    package init(_ json: [UInt8]) {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(json)) else {
            keys = []
            return
        }
        keys = document.keys.compactMap(\.key)
    }

    package var isEmpty: Bool { keys.isEmpty }

    /// The key for a token's header: the one of its id, or the only one where it names none; nil unless the algorithm fits.
    func key(for header: UnverifiedToken.Header) -> JWK? {
        let named = keys.filter { header.kid == nil || $0.keyIdentifier?.string == header.kid }
        guard named.count == 1, var key = named.first, let algorithm = JWK.Algorithm(rawValue: header.alg) else { return nil }
        guard Self.algorithms(of: key).contains(header.alg), key.algorithm == nil || key.algorithm == algorithm else { return nil }
        key.algorithm = algorithm
        // The collection that verifies asks for an id, and has this key only.
        key.keyIdentifier = JWKIdentifier(string: header.kid ?? "only")
        return key
    }

    private static func algorithms(of key: JWK) -> [String] {
        switch key.keyType {
        case .rsa: ["RS256", "RS384", "RS512"]
        case .ecdsa:
            switch key.curve?.rawValue {
            case "P-256": ["ES256"]
            case "P-384": ["ES384"]
            case "P-521": ["ES512"]
            default: []
            }
        default: []
        }
    }

    private struct Document: Decodable {
        let keys: [Entry]
    }

    /// A key of a kind that is not known here must not spoil the others.
    private struct Entry: Decodable {
        let key: JWK?

        private enum Use: String, CodingKey {
            case use
        }

        init(from decoder: any Decoder) throws {
            let use = try? decoder.container(keyedBy: Use.self).decodeIfPresent(String.self, forKey: .use)
            let key = try? JWK(from: decoder)
            self.key = use == nil || use == "sig" ? key : nil
        }
    }
}
