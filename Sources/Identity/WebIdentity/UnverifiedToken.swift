import Foundation

/// The parts of a token that must be read before its key is known. Nothing of it is proved.
struct UnverifiedToken: Sendable {
    struct Header: Decodable, Hashable, Sendable {
        let alg: String
        let kid: String?
        /// Extensions that must be understood (RFC 7515 section 4.1.11); none is.
        let crit: [String]?
    }

    private struct Body: Decodable {
        let iss: String
    }

    let header: Header
    let issuer: String

    /// Throws `WebIdentityRefusal.malformed`.
    init(_ token: String) throws(WebIdentityRefusal) {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }), let header = Self.decode(Header.self, parts[0]), header.crit == nil else {
            throw .malformed("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
        }
        guard let body = Self.decode(Body.self, parts[1]) else { throw .malformed("Missing a required claim: iss") }
        self.header = header
        issuer = body.iss
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ text: some Collection<UInt8>) -> Value? {
        Base64URL.decode(text).flatMap { try? JSONDecoder().decode(type, from: Data($0)) }
    }
}
