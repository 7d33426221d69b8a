import DistributionAPI
import ECRAPI
import IAMAPI
import Identity
import Logging
import RegistryCore
import ServiceLifecycle

/// The HTTP side of an installation: its listeners, and all that happens between a socket and a dialect.
package struct Edge: Service {
    let configuration: EdgeConfiguration
    let backends: Backends
    let metrics: PrometheusMetrics
    let log: Logger
    let onBound: @Sendable ([BoundListener]) async -> Void

    /// `onBound` is called once, when all listeners have their addresses. Throws `EdgeConfigurationError`.
    package init(
        _ configuration: EdgeConfiguration, backends: Backends, metrics: PrometheusMetrics, log: Logger,
        onBound: @escaping @Sendable ([BoundListener]) async -> Void = { _ in }
    ) throws(EdgeConfigurationError) {
        try configuration.check()
        self.configuration = configuration
        self.backends = backends
        self.metrics = metrics
        self.log = log
        self.onBound = onBound
    }

    /// Serves until the graceful shutdown; then lets the requests under way finish, `EdgeLimits.drain` at most.
    package func run() async throws { fatalError("stub") }
}
