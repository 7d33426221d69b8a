import CoreMetrics
import Identity
import KMS
import Logging
import RegistryCore
import ServiceLifecycle
import Stores

/// The background work of a registry: expired uploads, released blobs, buried objects, deleted repositories, lifecycle
/// policies, referrers of deleted images, folded totals, last uses of access keys, times and counts of pulls, events that nobody took.
///
/// Each round does a bounded amount in short transactions, and pauses; several processes on one database share the work.
package struct Upkeep: Service {
    private let services: RegistryServices
    private let identity: IdentityServices
    private let keys: KMSServices
    private let pause: Duration
    private let batch: Int
    private let rest: @Sendable (Duration) async -> Void
    private let metrics: any MetricsFactory
    private let step: UpkeepStep

    /// How fast the collector is: how many blobs share a commit, and how long it rests after one for blobs and after one for thirty objects.
    private struct Haste {
        let together: Int
        let afterBlobs: Duration
        let afterObjects: Duration

        /// So that requests do not notice it, some 250 of both a second beside clients: one that comes meanwhile waits for a few blobs only.
        static let usual = Haste(together: 10, afterBlobs: .milliseconds(20), afterObjects: .milliseconds(100))
        /// While something has waited for longer than `patience`, so that space comes back within the hour: up to 1,500 a second.
        static let great = Haste(together: 30, afterBlobs: .milliseconds(20), afterObjects: .milliseconds(20))
        static let patience = Duration.seconds(600)
    }

    /// Work on `services` and `identity` in rounds of at most `batch` items of each kind, `pause` apart, counted in `metrics`. The collector waits by
    /// `rest` between its commits.
    package init(
        services: RegistryServices, identity: IdentityServices, keys: KMSServices, pause: Duration = .seconds(1), batch: Int = 500,
        rest: @escaping @Sendable (Duration) async -> Void = { do { try await Task.sleep(for: $0) } catch { return } },
        metrics: any MetricsFactory = NOOPMetricsHandler.instance, log: Logger
    ) {
        self.services = services
        self.identity = identity
        self.keys = keys
        self.pause = pause
        self.batch = batch
        self.rest = rest
        self.metrics = metrics
        step = UpkeepStep(metrics: metrics, log: log)
    }

    /// Runs until the service group shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var usage = UsageMeters(services: services, metrics: metrics)
            while !Task.isCancelled {
                let isBehind = await round()
                await step("measure usage") { try await usage.measure() }
                if !isBehind { do { try await Task.sleep(for: pause) } catch { return } }
            }
        }
        // Requests are over by now: what they left in memory is all there is.
        await step("end spare uploads") { try await services.endSpareUploads(all: true) }
        await writeNotes(limit: .max)
    }

    /// One round; a step that fails is logged and tried again in the next. True when the collector had as much as it may do in one, so that more may wait.
    @discardableResult
    package func round() async -> Bool {
        await step("expire uploads") { try await services.expireUploads(limit: batch) }
        await step("end spare uploads") { try await services.endSpareUploads() }
        await step("retire grants") { try await services.retireGrants(limit: batch) }
        await step("purge repositories") { try await services.purgeDeletedRepositories(limit: batch) }
        let haste = await haste()
        async let reclaiming = step("reclaim blobs") {
            try await services.reclaimBlobs(limit: batch, together: haste.together) { await rest(haste.afterBlobs) }
        }
        async let reaping = step("reap objects") { try await services.reapObjects(limit: batch) { await rest(haste.afterObjects) } }
        let (reclaimed, reaped) = await (reclaiming, reaping)
        await writeNotes(limit: batch)
        await step("carry out lifecycle policies") { try await services.sweepLifecycles(pages: 40) }
        await step("remove referrers of deleted images") { try await services.removeOrphanedReferrers(limit: batch) }
        await step("drop old events") { try await services.dropOldEvents(limit: batch * 4) }
        await step("write down pulls") { try await services.writePullCounts(limit: batch) }
        await step("rotate keys") { try await keys.rotateDueKeys(limit: batch) }
        await step("delete keys") { try await keys.deleteDueKeys(limit: batch) }
        await step("fold totals") { try await services.foldTotals(limit: batch * 20) }
        await step("measure") {
            Meter(label: "berth_damaged_blobs", factory: metrics).set(try await services.damagedBlobs())
            return 0
        }
        await step("ask for keys") {
            var isUp = 1
            do { try await services.dataKeys.checkHealth() } catch is KeyFailure { isUp = 0 }
            Meter(label: "berth_kms_up", factory: metrics).set(isUp)
            return 0
        }
        return max(reclaimed, reaped) >= batch
    }

    private func haste() async -> Haste {
        var delay = Duration.zero
        await step("ask for the delay of the collector") {
            delay = try await services.collectionDelay()
            return 0
        }
        Meter(label: "berth_reclaim_delay_seconds", factory: metrics).set(delay / .seconds(1))
        return delay > Haste.patience ? .great : .usual
    }

    private func writeNotes(limit: Int) async {
        await step("write down uses of access keys") { try await identity.accessKeyUses.write(limit: limit) }
        await step("write down times of pulls") { try await services.pullTimes.write() }
    }
}
