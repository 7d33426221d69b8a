import AWSCore

/// Where a key management service is, and how it is used.
package struct RemoteKMSSettings: Sendable {
    /// `https://host[:port]`, with nothing behind it.
    package var endpoint: String
    package var region: Region
    package var credentials: RemoteCredentials
    /// A PEM file of authorities to trust besides the system's; nil: none.
    package var authorityFile: String?
    /// The key of repositories that name none; nil: the service's `alias/aws/ecr`.
    package var defaultKey: String?
    /// The ARN of the principal that this server is there, to which grants are made; nil: no grants are made.
    package var grantee: String?
    /// How long plaintext data keys are remembered; zero: not at all.
    package var cacheLife: Duration
    /// How many of them; each takes some 500 bytes.
    package var cachedDataKeys = 10_000

    package init(
        endpoint: String, region: Region, credentials: RemoteCredentials, authorityFile: String? = nil, defaultKey: String? = nil,
        grantee: String? = nil,
        cacheLife: Duration = .seconds(60)
    ) {
        self.endpoint = endpoint
        self.region = region
        self.credentials = credentials
        self.authorityFile = authorityFile
        self.defaultKey = defaultKey
        self.grantee = grantee
        self.cacheLife = cacheLife
    }
}

/// An access key of the service elsewhere.
package struct RemoteCredentials: Sendable {
    let accessKeyID: String
    let secret: String
    let sessionToken: String?

    package init(accessKeyID: String, secret: String, sessionToken: String? = nil) {
        self.accessKeyID = accessKeyID
        self.secret = secret
        self.sessionToken = sessionToken
    }
}
