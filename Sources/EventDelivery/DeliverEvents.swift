import CoreMetrics
import Logging
import RegistryCore
import ServiceLifecycle
import Stores

/// Brings the events of an installation to one target: each at least once, those of a repository in their order, also after a restart.
package struct DeliverEvents: Service {
    /// Groups that are under way at the same time.
    private static let lanes = 8

    private let services: RegistryServices
    private let target: any EventTarget
    private let pause: Duration
    private let batch: Int
    private let metrics: any MetricsFactory
    private let log: Logger

    /// Looks for events every `pause`, and takes up to `batch` at a time.
    package init(
        services: RegistryServices, target: any EventTarget, pause: Duration = .seconds(1), batch: Int = 200,
        metrics: any MetricsFactory = NOOPMetricsHandler.instance, log: Logger
    ) {
        self.services = services
        self.target = target
        self.pause = pause
        self.batch = batch
        self.metrics = metrics
        self.log = log
    }

    /// Runs until the service group shuts down. What is not delivered by then is delivered after the next start.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var holding = Holding()
            while !Task.isCancelled {
                let delivered = await round(&holding)
                if delivered == batch { continue }
                do { try await Task.sleep(for: pause) } catch { return }
            }
        }
    }

    /// Delivers up to `batch` events; returns how many arrived. Failures are logged and tried again later.
    package func round(_ holding: inout Holding) async -> Int {
        let now = services.clock.now
        do {
            // Whether it is held or not: a target that takes nothing is to be seen.
            let oldest = try await services.oldestPendingEvent(for: target.destination) ?? now
            let delay = Duration.milliseconds(now.milliseconds - oldest.milliseconds)
            Meter(label: "berth_event_delay_seconds", dimensions: dimensions, factory: metrics).set(delay / .seconds(1))
            guard !holding.holdsAll(at: now) else { return 0 }
            let events = try await services.pendingEvents(for: target.destination, without: holding.held(at: now), limit: batch)
            return events.isEmpty ? 0 : try await deliver(events, &holding)
        } catch {
            log.error("events could not be looked up or marked", metadata: ["error": "\(String(reflecting: error))"])
            return 0
        }
    }

    private func deliver(_ events: [PendingEvent], _ holding: inout Holding) async throws -> Int {
        let target = target
        var waiting = target.groups(of: events)[...]
        var arrived: [PendingEvent] = []
        await withTaskGroup(of: ([PendingEvent], Arrival).self) { lanes in
            for _ in 0..<Self.lanes {
                guard let group = waiting.popFirst() else { break }
                lanes.addTask { (group, await target.deliver(group)) }
            }
            while let (group, arrival) = await lanes.next() {
                arrived += group.prefix(arrival.count)
                note(arrival, of: group, &holding)
                if let next = waiting.popFirst() { lanes.addTask { (next, await target.deliver(next)) } }
            }
        }
        try await services.markDelivered(arrived, to: target.destination)
        Counter(label: "berth_events_delivered_total", dimensions: dimensions, factory: metrics).increment(by: Int64(arrived.count))
        return arrived.count
    }

    private func note(_ arrival: Arrival, of group: [PendingEvent], _ holding: inout Holding) {
        let now = services.clock.now
        for event in group.prefix(arrival.count) { holding.succeed(event.repositoryID) }
        guard let failure = arrival.failure, arrival.count < group.count else { return }
        for repository in Set(group.dropFirst(arrival.count).map(\.repositoryID)) { holding.fail(repository, at: now) }
        Counter(label: "berth_event_failures_total", dimensions: dimensions, factory: metrics).increment()
        log.warning("an event did not arrive", metadata: ["target": "\(target.destination)", "error": "\(failure)"])
    }

    private var dimensions: [(String, String)] { [("target", target.destination.rawValue)] }
}
