import Crypto

/// Signs requests as an AWS client does.
package struct SigV4Signer: Sendable {
    package let accessKeyID: String
    package let secret: String
    package let sessionToken: String?
    package let region: Region
    /// The signing name, such as `ecr`.
    package let service: String

    package init(accessKeyID: String, secret: String, sessionToken: String? = nil, region: Region, service: String) {
        self.accessKeyID = accessKeyID
        self.secret = secret
        self.sessionToken = sessionToken
        self.region = region
        self.service = service
    }

    /// `request` with `X-Amz-Date`, the session token and `Authorization` added; all its headers are signed, so it must
    /// have `Host` and none that a proxy changes. `now` is in milliseconds since 1970. Without `dateHeader`, the request's
    /// own `Date` must say it.
    package func sign(_ request: SignableRequest, now: Int64, dateHeader: Bool = true) -> SignableRequest {
        let time = SigningTime(milliseconds: now)
        var headers = request.headers
        if dateHeader { headers.append(("X-Amz-Date", time.basic)) }
        if let sessionToken { headers.append(("X-Amz-Security-Token", sessionToken)) }
        let signedHeaders = Self.names(of: headers)
        let signature = signature(of: request.with(headers: headers), signedHeaders: signedHeaders, time: time)
        let authorization =
            "\(SignatureClaim.algorithm) Credential=\(accessKeyID)/\(scope(time).description), "
            + "SignedHeaders=\(signedHeaders.joined(separator: ";")), Signature=\(signature)"
        return request.with(headers: headers + [("Authorization", authorization)])
    }

    /// `request` with a signature in its query that is good for `expires` seconds; all its headers are signed.
    package func presign(_ request: SignableRequest, now: Int64, expires: Int) -> SignableRequest {
        let time = SigningTime(milliseconds: now)
        let signedHeaders = Self.names(of: request.headers)
        var parameters = [
            ("X-Amz-Algorithm", SignatureClaim.algorithm), ("X-Amz-Credential", "\(accessKeyID)/\(scope(time).description)"),
            ("X-Amz-Date", time.basic), ("X-Amz-Expires", String(expires)), ("X-Amz-SignedHeaders", signedHeaders.joined(separator: ";")),
        ]
        if let sessionToken { parameters.append(("X-Amz-Security-Token", sessionToken)) }
        let added = parameters.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
        let unsigned = request.with(query: request.query.isEmpty ? added : "\(request.query)&\(added)")
        let signature = signature(of: unsigned, signedHeaders: signedHeaders, time: time)
        return request.with(query: "\(unsigned.query)&X-Amz-Signature=\(signature)")
    }

    private func scope(_ time: SigningTime) -> CredentialScope {
        CredentialScope(day: time.day, region: region.description, service: service)
    }

    private func signature(of request: SignableRequest, signedHeaders: [String], time: SigningTime) -> String {
        // Every name was taken from the request, so none is missing.
        let canonical = CanonicalRequest.bytes(of: request, signedHeaders: signedHeaders.map { $0[...] }) ?? []
        let text = StringToSign.bytes(canonical, time: time, scope: scope(time))
        let key = SigningKeys.derive(secret: secret, scope: scope(time))
        return String(decoding: HMAC<SHA256>.authenticationCode(for: text, using: key).hexDigits, as: UTF8.self)
    }

    private static func names(of headers: [(name: String, value: String)]) -> [String] {
        Set(headers.map { $0.name.lowercased() }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

extension SignableRequest {
    fileprivate func with(headers: [(name: String, value: String)]) -> SignableRequest {
        SignableRequest(method: method, path: path, query: query, headers: headers, body: body)
    }

    fileprivate func with(query: String) -> SignableRequest {
        SignableRequest(method: method, path: path, query: query, headers: headers, body: body)
    }
}
