import EventDelivery
import HTTPEdge
import OCI
import RegistryCore
import TestSupport
import Testing

/// What an operator sees of the delivery of events.
@Suite struct EventMetricsTests {
    /// Takes nothing.
    private struct Refusing: EventTarget {
        let destination = EventDestination.webhook

        func groups(of events: [PendingEvent]) -> [[PendingEvent]] { [events] }

        func deliver(_ events: [PendingEvent]) async -> Arrival { Arrival(count: 0, failure: CancellationError()) }
    }

    @Test func theDelayIsSeenAlsoWhileTheTargetIsNotTried() async throws {
        let installation = try TestInstallation(events: [.webhook])
        let name = try #require(RepositoryName("app"))
        _ = try await installation.registry.createRepository(name)
        try await installation.registry.push(TestImage.image(seed: 1), to: name)
        let metrics = PrometheusMetrics()
        let delivery = DeliverEvents(services: installation.services, target: Refusing(), metrics: metrics, log: installation.services.log)
        var holding = Holding()
        #expect(await delivery.round(&holding) == 0)
        installation.clock.advance(by: .milliseconds(500))
        #expect(await delivery.round(&holding) == 0)
        #expect(metrics.text.contains(#"berth_event_failures_total{target="webhook"} 1"#))
        #expect(metrics.text.contains(#"berth_event_delay_seconds{target="webhook"} 0.5"#))
    }
}
