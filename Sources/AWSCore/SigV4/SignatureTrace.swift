import Crypto

/// The steps from a request to its signature, for comparing them with a client's.
package struct SignatureTrace: Hashable, Sendable {
    package let canonicalRequest: String
    package let stringToSign: String

    /// The steps that the server takes for `request`; nil when a signed header did not arrive.
    package init?(of claim: SignatureClaim, in request: SignableRequest) {
        guard let canonical = CanonicalRequest.bytes(of: request, signedHeaders: claim.signedHeaders) else { return nil }
        canonicalRequest = String(decoding: canonical, as: UTF8.self)
        stringToSign = String(decoding: StringToSign.bytes(canonical, time: claim.time, scope: claim.credential.scope), as: UTF8.self)
    }

    /// What the signature would be if `secret` had made it, in hex.
    package func signature(by secret: String, _ claim: SignatureClaim) -> String {
        let key = SigningKeys.derive(secret: secret, scope: claim.credential.scope)
        return String(decoding: HMAC<SHA256>.authenticationCode(for: Array(stringToSign.utf8), using: key).hexDigits, as: UTF8.self)
    }
}

/// The text that the signing key authenticates.
enum StringToSign {
    static func bytes(_ canonicalRequest: [UInt8], time: SigningTime, scope: CredentialScope) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(192)
        output += SignatureClaim.algorithm.utf8
        output.append(UInt8(ascii: "\n"))
        output += time.basic.utf8
        output.append(UInt8(ascii: "\n"))
        output += scope.description.utf8
        output.append(UInt8(ascii: "\n"))
        output += SHA256.hash(data: canonicalRequest).hexDigits
        return output
    }
}
