import CoreMetrics
import Synchronization

/// The metrics of requests and connections.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let dialect: String
        let action: String?
        let status: Int
    }

    private struct Series {
        let requests: Counter
        let duration: Timer
    }

    private let metrics: PrometheusMetrics
    private let series = Mutex<[Key: Series]>([:])
    private let inFlight: Meter
    private let connections: Meter
    private let connectionsTotal: Counter
    private let connectionsRefused: Counter
    private let bytesIn: Counter
    private let bytesOut: Counter

    init(_ metrics: PrometheusMetrics) {
        self.metrics = metrics
        metrics.describe("berth_requests_total", "Requests answered, by dialect, IAM action and status.")
        metrics.describe("berth_request_duration_seconds", "Time from a request's head to the end of its answer.")
        metrics.describe("berth_requests_in_flight", "Requests that are being answered.")
        metrics.describe("berth_connections", "Open connections.")
        metrics.describe("berth_connections_total", "Connections accepted.")
        metrics.describe("berth_connections_refused_total", "Connections of addresses that had too many.")
        metrics.describe("berth_request_body_bytes_total", "Bytes of request bodies read.")
        metrics.describe("berth_response_body_bytes_total", "Bytes of response bodies sent.")
        inFlight = Meter(label: "berth_requests_in_flight", factory: metrics)
        connections = Meter(label: "berth_connections", factory: metrics)
        connectionsTotal = Counter(label: "berth_connections_total", factory: metrics)
        connectionsRefused = Counter(label: "berth_connections_refused_total", factory: metrics)
        bytesIn = Counter(label: "berth_request_body_bytes_total", factory: metrics)
        bytesOut = Counter(label: "berth_response_body_bytes_total", factory: metrics)
    }

    func connectionOpened() {
        connections.increment(by: 1.0)
        connectionsTotal.increment()
    }

    func connectionRefused() { connectionsRefused.increment() }

    func connectionClosed() { connections.decrement(by: 1.0) }

    func begin() { inFlight.increment(by: 1.0) }

    func end(_ record: RequestRecord) {
        inFlight.decrement(by: 1.0)
        bytesIn.increment(by: record.bytesIn)
        bytesOut.increment(by: record.bytesOut)
        let key = Key(dialect: record.dialect.label, action: record.action, status: record.status)
        let series = series.withLock { known in
            if let series = known[key] { return series }
            let series = make(key)
            known[key] = series
            return series
        }
        series.requests.increment()
        let duration = record.duration.components
        series.duration.recordNanoseconds(duration.seconds * 1_000_000_000 + duration.attoseconds / 1_000_000_000)
    }

    private func make(_ key: Key) -> Series {
        let dimensions = [("dialect", key.dialect), ("action", key.action ?? "")]
        return Series(
            requests: Counter(
                label: "berth_requests_total", dimensions: dimensions + [("status", String(key.status))], factory: metrics),
            duration: Timer(label: "berth_request_duration_seconds", dimensions: dimensions, factory: metrics))
    }
}
