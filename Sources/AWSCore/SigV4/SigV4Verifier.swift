import Crypto

/// What a lookup knows of an access key.
package enum SigningCredential: Sendable {
    /// The key is active, and the session token, if any, belongs to it and is current.
    case secret(String)
    /// The key's session is over.
    case expired
    /// No such key, not active, or another key's token.
    case unknown
}

/// Who signed a request, and for what.
package struct VerifiedSignature: Hashable, Sendable {
    package let accessKeyID: String
    package let region: Region
    package let service: String
}

/// Checks AWS Signature Version 4, in headers or presigned query, in the order of `identity.md` section 1.
package struct SigV4Verifier: Sendable {
    /// The greatest difference between the clocks, in seconds.
    private static let skew: Int64 = 15 * 60

    private let regions: Set<Region>?
    private let signingKeys = SigningKeys(capacity: 1024)

    /// Accepts signatures for `regions`; for every region when nil.
    package init(regions: Set<Region>? = nil) {
        self.regions = regions
    }

    /// Proves the signature of `request` for the service of this signing name. `now` is in milliseconds since 1970;
    /// `credential` looks up an access key id with the session token that came with it. Throws `SignatureError`, or what
    /// `credential` throws.
    package func verify(
        _ request: SignableRequest, service: String, now: Int64,
        credential: (_ accessKeyID: String, _ sessionToken: String?) async throws -> SigningCredential
    ) async throws -> VerifiedSignature {
        try await verify(SignatureClaim(of: request), of: request, service: service, now: now, credential: credential)
    }

    /// The same for a claim that was read before.
    package func verify(
        _ claim: SignatureClaim, of request: SignableRequest, service: String, now: Int64,
        credential: (_ accessKeyID: String, _ sessionToken: String?) async throws -> SigningCredential
    ) async throws -> VerifiedSignature {
        let region = try checkScope(of: claim, service: service)
        try Self.checkHeaders(of: claim, in: request)
        let secret = try await Self.secret(of: claim, credential)
        try Self.checkTime(of: claim, now: SigningTime(milliseconds: now))
        try checkSignature(of: claim, in: request, secret: secret)
        return VerifiedSignature(accessKeyID: claim.accessKeyID, region: region, service: service)
    }

    private func checkScope(of claim: SignatureClaim, service: String) throws(SignatureError) -> Region {
        var problems: [String] = []
        let region = Region(claim.credential.scope.region).flatMap { region in
            regions.map { $0.contains(region) } ?? true ? region : nil
        }
        if region == nil { problems.append("Credential should be scoped to a valid region.") }
        if claim.service != service { problems.append("Credential should be scoped to correct service: '\(service)'.") }
        if claim.credential.terminator != CredentialScope.terminator {
            problems.append("Credential should be scoped with a valid terminator: '\(CredentialScope.terminator)'.")
        }
        let (scopeDay, day) = (claim.credential.scope.day, claim.time.day)
        if scopeDay != day {
            problems.append(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '\(scopeDay)' != '\(day)', "
                    + "from '\(claim.time.basic)'.")
        }
        guard problems.isEmpty, let region else { throw .scope(problems.joined(separator: " ")) }
        return region
    }

    /// The list must be canonical itself, and cover the host and every header of AWS's.
    private static func checkHeaders(of claim: SignatureClaim, in request: SignableRequest) throws(SignatureError) {
        let signed = claim.signedHeaders
        guard zip(signed, signed.dropFirst()).allSatisfy({ $0.utf8.lexicographicallyPrecedes($1.utf8) }) else { throw .differs }
        guard signed.contains("host") else {
            throw .mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
        }
        for header in request.headers where Substring(header.name.utf8.prefix(6)).isHeader("x-amz-") {
            guard signed.contains(where: { header.name.isHeader($0) }) else {
                throw .mismatch("'\(header.name)' must be a 'SignedHeader' in the AWS Authorization.")
            }
        }
    }

    /// Long-lived keys come without a session token, temporary ones with theirs.
    private static func secret(
        of claim: SignatureClaim, _ credential: (String, String?) async throws -> SigningCredential
    ) async throws -> String {
        guard claim.accessKeyID.hasPrefix("ASIA") == (claim.sessionToken != nil) else { throw SignatureError.unrecognizedCredential }
        switch try await credential(claim.accessKeyID, claim.sessionToken) {
        case .secret(let secret): return secret
        case .expired: throw SignatureError.expiredSession
        case .unknown: throw SignatureError.unrecognizedCredential
        }
    }

    private static func checkTime(of claim: SignatureClaim, now: SigningTime) throws(SignatureError) {
        let time = claim.time
        if now + skew < time {
            throw .skew("Signature not yet current: \(time.basic) is still later than \((now + skew).basic) (\(now.basic) + 15 min.)")
        }
        if let expires = claim.expires {
            if time + expires < now { throw .skew("Signature expired: \((time + expires).basic) is now earlier than \(now.basic)") }
        } else if time < now + -skew {
            throw .skew("Signature expired: \(time.basic) is now earlier than \((now + -skew).basic) (\(now.basic) - 15 min.)")
        }
    }

    private func checkSignature(of claim: SignatureClaim, in request: SignableRequest, secret: String) throws(SignatureError) {
        guard let canonical = CanonicalRequest.bytes(of: request, signedHeaders: claim.signedHeaders) else { throw .differs }
        let scope = claim.credential.scope
        let key = signingKeys.key(claim.accessKeyID, secret: secret, scope: scope)
        let expected = HMAC<SHA256>.authenticationCode(for: StringToSign.bytes(canonical, time: claim.time, scope: scope), using: key)
        // The body's hash ends the canonical request, so a header that states another one can only be wrong.
        let isBodyStated = request.values(of: "x-amz-content-sha256").allSatisfy { $0.utf8.elementsEqual(canonical.suffix(64)) }
        guard isBodyStated, equalsInConstantTime(expected.hexDigits, Array(claim.signature.utf8)) else { throw .differs }
    }
}
