import AWSCore
import HummingbirdCore
import Logging
import NIOCertificateReloading
import NIOCore
import NIOPosix
import RegistryCore
import ServiceLifecycle
import Synchronization

/// The HTTP side of an installation: its listeners, and all that happens between a socket and a dialect.
package struct Edge: Service {
    private let configuration: EdgeConfiguration
    private let backends: Backends
    private let metrics: PrometheusMetrics
    private let requestMetrics: RequestMetrics
    private let readiness: Readiness
    private let log: Logger
    private let onBound: @Sendable ([BoundListener]) async -> Void

    /// `onBound` is called once, when all listeners have their addresses; until it returns, `/readyz` says that the server is starting. Throws `EdgeConfigurationError`.
    package init(
        _ configuration: EdgeConfiguration, backends: Backends, metrics: PrometheusMetrics, log: Logger,
        onBound: @escaping @Sendable ([BoundListener]) async -> Void = { _ in }
    ) throws(EdgeConfigurationError) {
        try configuration.check()
        self.configuration = configuration
        self.backends = backends
        self.metrics = metrics
        self.requestMetrics = RequestMetrics(metrics)
        self.readiness = Readiness(probes: backends.probes, log: log)
        self.log = log
        self.onBound = onBound
    }

    /// Serves until the graceful shutdown; then lets the requests under way finish, `EdgeLimits.drain` at most.
    /// Throws when an address cannot be listened on or the certificate cannot be read.
    package func run() async throws {
        // Hummingbird's own lines would repeat the access log.
        var quiet = log
        quiet.logLevel = .error
        let listeners = Listeners(limits: configuration.limits, requestMetrics: requestMetrics, log: quiet)
        let bound = Bound(
            expected: configuration.plain.count + configuration.tls.count + configuration.publicListeners.count,
            report: { [onBound, readiness] in
                await onBound($0)
                readiness.start()
            })
        func plainServers(_ addresses: [ListenAddress], isPublic: Bool) -> [@Sendable () async throws -> Void] {
            let pipeline = pipeline(isTLS: false, isPublic: isPublic)
            return addresses.map { address in
                let server = listeners.plain(
                    address.bindAddress, pipeline,
                    onBound: { await bound.add($0, isTLS: false, isPublic: isPublic) })
                return binding(address, server, bound)
            }
        }
        func secureServers(
            _ addresses: [ListenAddress], isPublic: Bool, _ certificate: TimedCertificateReloader
        ) throws -> [@Sendable () async throws -> Void] {
            let pipeline = pipeline(isTLS: true, isPublic: isPublic)
            return try addresses.map { address in
                let server = try listeners.tls(
                    address.bindAddress, certificate, pipeline,
                    onBound: { await bound.add($0, isTLS: true, isPublic: isPublic) })
                return binding(address, server, bound)
            }
        }
        var servers = plainServers(configuration.plain, isPublic: false)
        var companions: [any Service] = []
        if !configuration.tls.isEmpty, let files = configuration.certificate {
            let certificate = try Listeners(limits: configuration.limits, requestMetrics: requestMetrics, log: log).certificate(files)
            companions.append(CertificateWatch(certificate: certificate))
            servers += try secureServers(configuration.tls, isPublic: false, certificate)
            servers += try secureServers(configuration.publicListeners, isPublic: true, certificate)
        } else {
            servers += plainServers(configuration.publicListeners, isPublic: true)
        }
        try await serve(servers, companions: companions, drain: configuration.limits.drain, onShutdown: { [readiness] in readiness.drain() })
    }

    private func pipeline(isTLS: Bool, isPublic: Bool) -> Pipeline {
        let origin = configuration.publicURL.flatMap(Origin.init)
        let regions = configuration.regions.isEmpty ? nil : configuration.regions
        let authentication = AWSAuthentication(
            backends: backends, verifier: SigV4Verifier(regions: regions), globalVerifier: SigV4Verifier(regions: regions?.union([.usEast1])),
            origin: origin)
        let home = RegistryID(account: configuration.account, region: configuration.region)
        return Pipeline(
            callers: CallerAddresses(trustedProxies: configuration.trustedProxies),
            awsCalls: AWSCalls(
                backends: backends, authentication: authentication, budget: CallBudget(limit: configuration.limits.collectedBytes),
                limits: configuration.limits, origin: origin, log: log, home: home),
            dockerCalls: DockerCalls(
                backends: backends, customDomains: configuration.customDomains, regions: configuration.regions,
                home: home,
                publicCalls: PublicCalls(
                    backends: backends, hosts: [.amazon] + (configuration.publicHost.map { [$0] } ?? []), isWholeListener: isPublic,
                    account: configuration.account, log: log),
                takesTokens: configuration.takesTokens, log: log),
            downloads: Downloads(backends: backends, log: log),
            logos: Logos(backends: backends, log: log),
            operations: Operations(readiness: readiness, metrics: metrics),
            delivery: Delivery(log: log),
            requestMetrics: requestMetrics, accessLog: AccessLog(log: log), limits: configuration.limits, isTLS: isTLS,
            isForPublicRegistries: isPublic)
    }

    /// Runs `server`; a machine without IPv6 can still serve at its other addresses.
    private func binding(_ address: ListenAddress, _ server: any Service, _ bound: Bound) -> @Sendable () async throws -> Void {
        let isDispensable = address.host == "::1" && configuration.plain.count + configuration.tls.count > 1
        return { [log] in
            do {
                try await server.run()
            } catch let error as IOError {
                guard isDispensable, error.errnoCode == EADDRNOTAVAIL || error.errnoCode == EAFNOSUPPORT else {
                    throw ListenError(address: address, reason: String(cString: strerror(error.errnoCode)))
                }
                log.warning("no IPv6 here", metadata: ["address": "\(address)"])
                await bound.skip()
            }
        }
    }
}

/// An address could not be listened on; the description is a sentence for who started the server.
package struct ListenError: Error, CustomStringConvertible {
    package let address: ListenAddress
    package let reason: String

    package var description: String { "Cannot listen on \(address): \(reason)." }
}

/// Gathers the addresses of the listeners as they get them.
private final class Bound: Sendable {
    private let state: Mutex<(missing: Int, listeners: [BoundListener])>
    private let report: @Sendable ([BoundListener]) async -> Void

    init(expected: Int, report: @escaping @Sendable ([BoundListener]) async -> Void) {
        state = Mutex((expected, []))
        self.report = report
    }

    func add(_ channel: any Channel, isTLS: Bool, isPublic: Bool) async {
        guard let address = channel.localAddress, let host = address.ipAddress, let port = address.port else { return await skip() }
        await settle { $0.append(BoundListener(address: ListenAddress(host: host, port: port), isTLS: isTLS, isPublic: isPublic)) }
    }

    func skip() async { await settle { _ in } }

    private func settle(_ change: @Sendable (inout [BoundListener]) -> Void) async {
        let complete: [BoundListener]? = state.withLock { state in
            change(&state.listeners)
            state.missing -= 1
            return state.missing == 0 ? state.listeners : nil
        }
        if let complete { await report(complete) }
    }
}

extension ListenAddress {
    fileprivate var bindAddress: BindAddress { .hostname(host, port: port) }
}
