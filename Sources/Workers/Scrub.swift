import CoreMetrics
import Logging
import RegistryCore
import ServiceLifecycle

/// Reads and hashes every blob there is, at a steady rate, pass after pass; what is damaged goes into quarantine before anybody asks for it.
package struct Scrub: Service {
    /// After so many seconds of reading the place is written down.
    private static let partSeconds: Int64 = 30

    private let services: RegistryServices
    private let pace: Pace
    private let metrics: any MetricsFactory
    private let log: Logger

    /// Work on `services`, counted in `metrics`.
    package init(services: RegistryServices, pace: Pace, metrics: any MetricsFactory = NOOPMetricsHandler.instance, log: Logger) {
        self.services = services
        self.pace = pace
        self.metrics = metrics
        self.log = log
    }

    /// Runs until the service group shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let isIdle = await round()
                do { try await pace.wait(isIdle ? .seconds(60) : .zero) } catch { return }
            }
        }
    }

    /// Reads for half a minute, or until the pass is over; true when there is nothing to do for now. What fails is logged and tried again.
    package func round() async -> Bool {
        do {
            let report = try await services.scrubBlobs(upTo: pace.bytes(inSeconds: Self.partSeconds), pace: pace.wait(for:))
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
