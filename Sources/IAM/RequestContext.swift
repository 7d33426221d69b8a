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
    /// `http://host:port` or `https://host`: where the caller reaches this server, for URLs in answers.
    package let origin: String

    package init(
        caller: Caller, region: Region, requestID: String, sourceIP: String, isSecure: Bool, userAgent: String?, origin: String
    ) {
        self.caller = caller
        self.region = region
        self.requestID = requestID
        self.sourceIP = sourceIP
        self.isSecure = isSecure
        self.userAgent = userAgent
        self.origin = origin
    }

    /// `origin` without its scheme: what image names begin with.
    package var registryHost: String {
        guard let end = origin.firstRange(of: "://")?.upperBound else { return origin }
        return String(origin[end...])
    }
}
