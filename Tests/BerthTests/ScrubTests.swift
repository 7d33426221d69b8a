import Foundation
import HTTPEdge
import Logging
import OCI
import RegistryCore
import Synchronization
import TestSupport
import Testing
import Workers

/// The scrub as a service.
@Suite struct ScrubTests {
    @Test func itReadsNoFasterThanItIsAllowed() async throws {
        let installation = try TestInstallation()
        let name = try #require(RepositoryName("app"))
        _ = try await installation.registry.createRepository(name)
        let image = TestImage.image(seed: 1, layers: [3 << 20, 1 << 20])
        try await installation.registry.push(image, to: name)
        let bytes = image.blobs.reduce(0) { $0 + $1.descriptor.size }

        let slept = Mutex(Duration.zero)
        let pace = Pace(bytesPerSecond: 1 << 20) { duration in slept.withLock { $0 += duration } }
        let scrub = Scrub(services: installation.services, pace: pace, log: installation.services.log)
        #expect(await !scrub.round())
        let expected = Double(bytes) / Double(1 << 20)
        #expect(abs(slept.withLock { $0 } / .seconds(1) - expected) < 0.001)
        #expect(await scrub.round(), "there is nothing to do for a week")
    }

    @Test func damageIsCounted() async throws {
        let installation = try TestInstallation()
        let name = try #require(RepositoryName("app"))
        _ = try await installation.registry.createRepository(name)
        try await installation.registry.push(TestImage.image(seed: 1), to: name)
        let key = try await installation.services.database.read { try $0.first("SELECT object_key FROM blobs ORDER BY id LIMIT 1") { $0.text(0) } }
        try FileManager.default.removeItem(atPath: installation.folder.file("store/blobs/\(try #require(key))"))

        let metrics = PrometheusMetrics()
        let pace = Pace(bytesPerSecond: 1 << 30) { _ in }
        _ = await Scrub(services: installation.services, pace: pace, metrics: metrics, log: installation.services.log).round()
        await Upkeep(
            services: installation.services, identity: installation.identity, keys: installation.kms, metrics: metrics, log: installation.services.log
        ).round()
        #expect(metrics.text.contains("berth_scrub_damage_total 1\n"))
        #expect(metrics.text.contains("berth_damaged_blobs 1"))
    }
}
