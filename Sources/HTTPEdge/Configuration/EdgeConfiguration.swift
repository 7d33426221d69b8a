import AWSCore
import RegistryCore

/// What the HTTP side of an installation is told: where to listen, under which names it is known, whom it believes.
package struct EdgeConfiguration: Sendable {
    /// Listeners without TLS.
    package var plain: [ListenAddress] = []
    /// Listeners with TLS, HTTP/2 and HTTP/1.1; they need `certificate`.
    package var tls: [ListenAddress] = []
    /// Listeners for public registries alone; they do TLS when others do.
    package var publicListeners: [ListenAddress] = []
    package var certificate: CertificateFiles?
    /// Plain listeners beyond loopback are refused without it.
    package var allowPlaintext = false
    /// `http://host[:port]` or `https://host[:port]`: where callers reach this server, when the request's host does not say it.
    package var publicURL: String?
    /// Own host names (lower case, without port) and the registry that each stands for.
    package var customDomains: [String: RegistryID] = [:]
    /// By which name public registries are reached, besides ECR Public's own.
    package var publicHost: PublicHost?
    /// Whether docker clients are asked for Bearer tokens, which nobody gets too, instead of for the password.
    package var takesTokens = false
    /// The peers whose `X-Forwarded-…` headers are believed.
    package var trustedProxies: [AddressRange] = []
    /// The regions that there are; empty for all.
    package var regions: Set<Region> = []
    /// The account of anonymous callers where the host names none.
    package var account: AccountID
    /// The region of anonymous callers where the host names none.
    package var region: Region
    package var limits = EdgeLimits()

    package init(account: AccountID, region: Region) {
        self.account = account
        self.region = region
    }
}

/// The PEM files of a server's certificate chain and private key; read again when they change.
package struct CertificateFiles: Hashable, Sendable {
    package let certificate: String
    package let key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// Bounds on what a client can make the server hold or wait for.
package struct EdgeLimits: Sendable {
    /// Of a request's header, in bytes: 32 KiB.
    package var headerBytes = 32 << 10
    /// Fields of a request's header.
    package var headerFields = 100
    /// The largest body of an AWS call, in bytes: 1 MiB.
    package var callBytes = 1 << 20
    /// The largest body of UploadLayerPart, in bytes: 20 MiB in base64, and room for JSON.
    package var layerPartCallBytes = 28 << 20
    /// What the bodies of all AWS calls that are under way may hold together, in bytes: 256 MiB.
    package var collectedBytes = 256 << 20
    /// What is read of the body of a refused request before its connection is closed, in bytes: 1 MiB.
    package var drainedBytes = 1 << 20
    /// Connections that a listener has at a time; later ones wait in the backlog of the system.
    package var connections = 20_000
    /// Those of them that one address may have, other than a trusted proxy's; further ones are refused.
    package var connectionsOfAddress = 10_000
    /// How long a connection may be idle, and a client may be silent in the middle of a request.
    package var idle = Duration.seconds(75)
    /// How long a client may take nothing of an answer.
    package var stalledReader = Duration.seconds(60)
    /// How long the rest of a refused request is borne, and a closing connection waits for its last bytes to leave.
    package var linger = Duration.seconds(2)
    /// How long a TLS handshake may take.
    package var handshake = Duration.seconds(10)
    /// The slowest sender of a body that is borne after `slowSenderGrace`, in bytes a second.
    package var slowestSender = 512
    package var slowSenderGrace = Duration.seconds(30)
    /// How long requests under way may go on after the stop was asked for.
    package var drain = Duration.seconds(30)
    /// How often the certificate's files are looked at.
    package var certificateCheck = Duration.seconds(10)

    package init() {}
}
