import AWSCore

/// What is known of a request besides its parameters: who calls, from where, over what. Set by the server from the
/// connection and the verified credentials, never from what a client merely claims.
package struct RequestContext: Sendable {
    package let caller: Caller
    /// The region whose registry is meant: of the signature's scope, the host name, or the docker token.
    package let region: Region
    /// A UUID, in the log and in `x-amzn-RequestId`.
    package let requestID: String
    /// The client's address without port; behind a trusted proxy, the one that the proxy forwards.
    package let sourceIP: String
    /// True over TLS, here or at a trusted proxy.
    package let isSecure: Bool
    package let userAgent: String?
    package let referer: String?
    /// `http://host:port` or `https://host`: where the caller reaches this server, for URLs in answers.
    package let origin: String

    package init(
        caller: Caller, region: Region, requestID: String, sourceIP: String, isSecure: Bool, userAgent: String?, referer: String? = nil,
        origin: String
    ) {
        self.caller = caller
        self.region = region
        self.requestID = requestID
        self.sourceIP = sourceIP
        self.isSecure = isSecure
        self.userAgent = userAgent
        self.referer = referer
        self.origin = origin
    }

    /// Where image names of `account`'s registry in this region begin, with the scheme: `origin`, unless the caller came by
    /// an AWS-shaped name of the API, `api.ecr.<region>.<domain>`, which stands beside `<account>.dkr.ecr.<region>.<domain>`.
    package func registryOrigin(of account: AccountID) -> String {
        guard let end = origin.firstRange(of: "://")?.upperBound else { return origin }
        let (scheme, host) = (origin[..<end], origin[end...])
        guard host.hasPrefix("api.ecr.") else { return origin }
        return "\(scheme)\(account).dkr.\(host.dropFirst("api.".count))"
    }

    /// `registryOrigin` without its scheme: what image names begin with.
    package func registryHost(of account: AccountID) -> String {
        let origin = registryOrigin(of: account)
        guard let end = origin.firstRange(of: "://")?.upperBound else { return origin }
        return String(origin[end...])
    }

    /// `registryHost(of:)` of the caller's own account.
    package var registryHost: String { registryHost(of: caller.account) }
}
