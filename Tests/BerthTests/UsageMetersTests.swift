import HTTPEdge
import OCI
import RegistryCore
import TestSupport
import Testing

@testable import Workers

/// What repositories hold, as `/metrics` shows it.
@Suite struct UsageMetersTests {
    @Test func itIsMeasuredEveryFifteenSecondsHoweverLongTheUpkeepTakes() async throws {
        let installation = try TestInstallation()
        let name = try #require(RepositoryName("app"))
        _ = try await installation.registry.createRepository(name)
        let metrics = PrometheusMetrics()
        var meters = UsageMeters(services: installation.services, metrics: metrics)
        func push(_ seed: UInt64) async throws {
            try await installation.registry.push(TestImage.image(seed: seed), to: name)
            _ = try await installation.services.foldTotals(limit: 100)
        }
        func images() -> Substring? {
            metrics.text.split(separator: "\n").first { $0.hasPrefix("berth_repository_images{") }?.split(separator: " ").last
        }

        try await push(1)
        _ = try await meters.measure()
        #expect(images() == "1")
        try await push(2)
        installation.clock.advance(by: .milliseconds(14_999))
        _ = try await meters.measure()
        #expect(images() == "1")
        installation.clock.advance(by: .milliseconds(1))
        _ = try await meters.measure()
        #expect(images() == "2")
    }
}
