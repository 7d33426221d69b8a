import HummingbirdCore
import HummingbirdHTTP2
import HummingbirdTLS
import Logging
import NIOCertificateReloading
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle

/// Builds the servers of an edge, one for each address.
struct Listeners: Sendable {
    let limits: EdgeLimits
    let requestMetrics: RequestMetrics
    let log: Logger

    /// HTTP/1.1 without TLS.
    func plain(
        _ address: BindAddress, _ pipeline: Pipeline, onBound: @escaping @Sendable (any Channel) async -> Void
    ) -> any Service {
        server(HTTP1Channel(responder: pipeline.respond, configuration: http1), pipeline, address, onBound)
    }

    /// HTTP/2 and HTTP/1.1 with TLS 1.2 or later.
    func tls(
        _ address: BindAddress, _ certificate: TimedCertificateReloader, _ pipeline: Pipeline,
        onBound: @escaping @Sendable (any Channel) async -> Void
    ) throws -> any Service {
        var configuration = try TLSConfiguration.makeServerConfiguration(certificateReloader: certificate)
        configuration.minimumTLSVersion = .tlsv12
        let channel = try HTTP2UpgradeChannel(
            tlsConfiguration: configuration,
            configuration: HTTP2ChannelConfiguration(
                idleTimeout: limits.idle, gracefulCloseTimeout: limits.drain, streamConfiguration: http1),
            responder: pipeline.respond)
        return server(channel, pipeline, address, onBound)
    }

    /// The certificate of `files`, read again when it changes. Throws when it cannot be read now.
    func certificate(_ files: CertificateFiles) throws -> TimedCertificateReloader {
        try .makeReloaderValidatingSources(
            configuration: .init(
                refreshInterval: limits.certificateCheck, certificateSource: .init(location: .file(path: files.certificate), format: .pem),
                privateKeySource: .init(location: .file(path: files.key), format: .pem)
            ) { [log] in
                $0.onCertificateLoaded = { change in
                    guard change.previousCertificateChain != change.currentCertificateChain else { return }
                    log.info("certificate loaded", metadata: ["file": "\(files.certificate)"])
                }
                $0.onCertificateLoadFailed = { failure in
                    log.error(
                        "certificate not loaded, the last good one stays",
                        metadata: ["file": "\(files.certificate)", "error": "\(String(reflecting: failure.error))"])
                }
            })
    }

    private var http1: HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [DataPlaneHandler(limits: limits)], idleTimeout: TimeAmount(limits.idle),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes, maxHeaderFieldCount: limits.headerFields))
    }

    private func server(
        _ channel: some ServerChildChannel, _ pipeline: Pipeline, _ address: BindAddress, _ onBound: @escaping @Sendable (any Channel) async -> Void
    ) -> any Service {
        EdgeChannel(
            base: channel, pipeline: pipeline, limits: limits, requestMetrics: requestMetrics,
            addresses: AddressConnections(limit: limits.connectionsOfAddress, except: pipeline.callers.trustedProxies)
        ).server(
            configuration: ServerConfiguration(
                address: address, backlog: 1024, availableConnectionsDelegate: .maximum(limits.connections, logger: log)),
            onServerRunning: onBound,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: log)
    }
}

extension Pipeline {
    /// Answers what Hummingbird hands on.
    fileprivate var respond: HTTPChannelHandler.Responder { { try await serve($0.head, $0.body, $1, on: $2) } }
}
