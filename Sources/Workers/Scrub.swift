import CoreMetrics
import Logging
import RegistryCore
import ServiceLifecycle

/// Reads and hashes every blob there is, at a steady rate, pass after pass; what is damaged goes into quarantine before anybody asks for it.
package struct Scrub: Service {
    /// After so many seconds of reading the place is written down.
    private static let partSeconds: Int64 = 30

    private let services: RegistryServices
    private let bytesPerSecond: Int64
    private let metrics: any MetricsFactory
    private let log: Logger
    private let sleep: @Sendable (Duration) async throws -> Void

    /// Work on `services` that reads at most `bytesPerSecond`, which is above 0, counted in `metrics`. `sleep` waits, and throws when there is no
    /// time left.
    package init(
        services: RegistryServices, bytesPerSecond: Int64, metrics: any MetricsFactory = NOOPMetricsHandler.instance, log: Logger,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.services = services
        self.bytesPerSecond = bytesPerSecond
        self.metrics = metrics
        self.log = log
        self.sleep = sleep
    }

    /// Runs until the service group shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let isIdle = await round()
                do { try await sleep(isIdle ? .seconds(60) : .zero) } catch { return }
            }
        }
    }

    /// Reads for half a minute, or until the pass is over; true when there is nothing to do for now. What fails is logged and tried again.
    package func round() async -> Bool {
        do {
            let report = try await services.scrubBlobs(upTo: bytesPerSecond * Self.partSeconds) { bytes in
                try await sleep(.seconds(Double(bytes) / Double(bytesPerSecond)))
            }
            Counter(label: "berth_scrub_blobs_total", factory: metrics).increment(by: Int64(report.blobs))
            Counter(label: "berth_scrub_bytes_total", factory: metrics).increment(by: report.bytes)
            Counter(label: "berth_scrub_damage_total", factory: metrics).increment(by: Int64(report.damage.count))
            return report.isPassOver
        } catch is CancellationError {
            return true
        } catch {
            log.error("scrub failed", metadata: ["error": "\(String(reflecting: error))"])
            return true
        }
    }
}
