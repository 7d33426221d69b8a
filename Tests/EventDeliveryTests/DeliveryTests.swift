import Foundation
import Logging
import OCI
import RegistryCore
import Stores
import Synchronization
import TestSupport
import Testing

@testable import EventDelivery

@Suite("Delivery of events") struct DeliveryTests {
    /// Takes what comes but for events whose text has one of the refused words.
    private final class Target: EventTarget {
        let destination = EventDestination.webhook
        let arrived = Mutex<[PendingEvent]>([])
        let refused = Mutex<Set<String>>([])

        func groups(of events: [PendingEvent]) -> [[PendingEvent]] { Dictionary(grouping: events, by: \.repositoryID).map(\.value) }

        func deliver(_ events: [PendingEvent]) async -> Arrival {
            for (index, event) in events.enumerated() {
                if refused.withLock({ $0.contains { event.body.contains("\"\($0)\"") } }) {
                    return Arrival(count: index, failure: CancellationError())
                }
                arrived.withLock { $0.append(event) }
            }
            return Arrival(count: events.count)
        }

        /// The tags that arrived from a repository, in order.
        func tags(of repository: String) -> [String] {
            arrived.withLock { $0 }.filter { $0.body.contains("\"\(repository)\"") }.compactMap { event in
                event.body.firstMatch(of: #/"image-tag":"([^"]*)"/#).map { String($0.1) }
            }
        }
    }

    private func installation(_ repositories: [String], limits: Limits = Limits()) async throws -> TestInstallation {
        let installation = try TestInstallation(limits: limits, events: [.webhook])
        for name in repositories { _ = try await installation.registry.createRepository(try #require(RepositoryName(name))) }
        return installation
    }

    private func push(_ tags: String..., to name: String, of installation: TestInstallation) async throws {
        for tag in tags {
            try await installation.registry.push(
                .image(seed: 1), to: try #require(RepositoryName(name)), tags: [try #require(ImageTag(tag))])
        }
    }

    private func delivery(_ installation: TestInstallation, _ target: Target, batch: Int = 100) -> DeliverEvents {
        DeliverEvents(
            services: installation.services, target: target, batch: batch,
            log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    @Test("Each event arrives once, those of a repository in order") func inOrder() async throws {
        let installation = try await installation(["app", "other"])
        try await push("a", "b", "c", to: "app", of: installation)
        try await push("x", "y", to: "other", of: installation)
        let target = Target()
        let delivery = delivery(installation, target, batch: 2)
        var holding = Holding()
        while await delivery.round(&holding) > 0 {}
        #expect(target.tags(of: "app") == ["a", "b", "c"])
        #expect(target.tags(of: "other") == ["x", "y"])
        #expect(try await installation.services.pendingEvents(for: .webhook, limit: 10).isEmpty)
    }

    @Test("A repository whose event is refused waits, the others go on, and nothing is out of order") func refusal() async throws {
        let installation = try await installation(["app", "other"])
        try await push("a", "b", "c", to: "app", of: installation)
        let target = Target()
        target.refused.withLock { $0 = ["b"] }
        let delivery = delivery(installation, target)
        var holding = Holding()
        #expect(await delivery.round(&holding) == 1)
        try await push("x", to: "other", of: installation)
        #expect(await delivery.round(&holding) == 1)
        #expect(target.tags(of: "app") == ["a"] && target.tags(of: "other") == ["x"])

        target.refused.withLock { $0 = [] }
        #expect(await delivery.round(&holding) == 0, "it still waits")
        installation.clock.advance(by: .seconds(1))
        #expect(await delivery.round(&holding) == 2)
        #expect(target.tags(of: "app") == ["a", "b", "c"])
    }

    @Test("Waiting doubles, to five minutes") func doubling() async throws {
        let clock = FixedClock()
        var holding = Holding()
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            holding.fail(7, at: clock.now)
            clock.advance(by: .milliseconds(seconds * 1000 - 1))
            #expect(holding.held(at: clock.now) == [7])
            clock.advance(by: .milliseconds(1))
            #expect(holding.held(at: clock.now) == [])
        }
        holding.succeed(7)
        holding.fail(7, at: clock.now)
        clock.advance(by: .seconds(1))
        #expect(holding.held(at: clock.now) == [])
        for repository in 0..<16 { holding.fail(Int64(repository), at: clock.now) }
        #expect(holding.holdsAll(at: clock.now))
    }

    @Test("What had arrived before a crash but was not marked arrives again, in order; a restart loses nothing") func restart() async throws {
        let installation = try await installation(["app"])
        try await push("a", "b", to: "app", of: installation)
        let target = Target()
        // The process ends between the arrival and the mark.
        _ = await target.deliver(try await installation.services.pendingEvents(for: .webhook, limit: 10))
        var holding = Holding()
        #expect(await delivery(installation, target).round(&holding) == 2)
        #expect(target.tags(of: "app") == ["a", "b", "a", "b"])
        let ids = Set(target.arrived.withLock { $0 }.map(\.body))
        #expect(ids.count == 2, "a repeated event has the same id")
    }

    @Test("Events that nobody takes are dropped by age and by number, the oldest first") func bounded() async throws {
        var limits = Limits()
        limits.eventBacklog = 3
        let installation = try await installation(["app"], limits: limits)
        let services = installation.services
        try await push("a", "b", "c", to: "app", of: installation)
        #expect(try await services.dropOldEvents(limit: 100) == 0)
        try await push("d", "e", to: "app", of: installation)
        #expect(try await services.dropOldEvents(limit: 100) == 2)
        #expect(try await services.pendingEvents(for: .webhook, limit: 10).count == 3)
        installation.clock.advance(by: limits.eventRetention)
        try await push("f", to: "app", of: installation)
        #expect(try await services.dropOldEvents(limit: 2) == 2)
        #expect(try await services.dropOldEvents(limit: 2) == 1)
        #expect(try await services.dropOldEvents(limit: 2) == 0)
        let rest = try await services.pendingEvents(for: .webhook, limit: 10)
        #expect(rest.count == 1 && rest[0].body.contains(#""image-tag":"f""#))
    }
}
