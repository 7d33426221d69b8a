/// Keeps the counters, gauges and timers of an installation, and writes them in Prometheus' text format.
package final class PrometheusMetrics: Sendable {
    package init() {}
}
