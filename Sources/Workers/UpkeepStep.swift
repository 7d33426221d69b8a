import CoreMetrics
import Logging

/// Runs steps of background work: counts what they did, and logs what failed, to be tried again in the next round.
struct UpkeepStep: Sendable {
    let metrics: any MetricsFactory
    let log: Logger

    /// Runs `body`, which tells how many items it had, as this does; 0 when it failed.
    @discardableResult
    func callAsFunction(_ name: String, _ body: () async throws -> Int) async -> Int {
        do {
            let count = try await body()
            guard count > 0 else { return 0 }
            Counter(label: "berth_upkeep_items_total", dimensions: [("step", name)], factory: metrics).increment(by: Int64(count))
            log.debug("upkeep", metadata: ["step": "\(name)", "items": "\(count)"])
            return count
        } catch is CancellationError {
            // The server stops; what was left is done after the next start.
            return 0
        } catch {
            Counter(label: "berth_upkeep_failures_total", dimensions: [("step", name)], factory: metrics).increment()
            log.error("upkeep failed", metadata: ["step": "\(name)", "error": "\(String(reflecting: error))"])
            return 0
        }
    }
}
