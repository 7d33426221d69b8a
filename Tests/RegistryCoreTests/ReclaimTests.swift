import NIOCore
import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

@Suite struct ReclaimTests {
    let installation: TestInstallation
    let registry: Registry
    let name: RepositoryName
    var services: RegistryServices { installation.services }

    init() async throws {
        installation = try TestInstallation()
        registry = installation.registry
        name = try repository("app")
        _ = try await registry.createRepository(name)
    }

    private func collect() async throws {
        while try await services.reclaimBlobs(limit: 3) > 0 {}
        while try await services.reapObjects(limit: 3) > 0 {}
    }

    @Test func aFreshBlobIsKeptForItsLeaseAndThenReclaimed() async throws {
        let digest = try await registry.push([1], to: name)
        installation.clock.advance(by: registry.limits.blobLease - .seconds(1))
        try await collect()
        #expect(try await registry.findLayers([digest], in: name, reserving: false).count == 1)
        installation.clock.advance(by: .seconds(2))
        try await collect()
        #expect(try await registry.findLayers([digest], in: name, reserving: false).isEmpty)
        #expect(try await services.check(CheckOptions(reading: .all)).blobs == 0)
    }

    @Test func findingABlobForAPushRenewsItsLease() async throws {
        let digest = try await registry.push([1], to: name)
        installation.clock.advance(by: registry.limits.blobLease - .seconds(1))
        #expect(try await registry.findLayers([digest], in: name, reserving: true).count == 1)
        installation.clock.advance(by: registry.limits.blobLease - .seconds(1))
        try await collect()
        #expect(try await registry.findLayers([digest], in: name, reserving: false).count == 1)
    }

    @Test func whatAnImageNamesIsNeverReclaimed() async throws {
        let image = try await registry.pushImage(layers: [[1]], tags: [tag("latest")], to: name)
        for _ in 0..<3 {
            installation.clock.advance(by: registry.limits.blobLease * 2)
            try await collect()
        }
        #expect(try await registry.pull(Digest.of([1]), from: name) == [1])
        _ = try await registry.deleteImages([ImageIdentifier(digest: image.digest)], in: name)
        try await collect()
        #expect(try await services.check(CheckOptions(reading: .all)).blobs == 0)
        #expect(try await services.check(CheckOptions(reading: .all)).orphans.isEmpty)
    }

    @Test func aDamagedBlobIsFound() async throws {
        let digest = try await registry.push([1, 2, 3], to: name)
        let key = try #require(
            try await services.database.read { transaction in
                try transaction.first("SELECT object_key FROM blobs WHERE digest = \(digest.bytes)") { $0.text(0) }
            })
        try await services.blobs.delete(try #require(ObjectKey(key)))
        let report = try await services.check(CheckOptions(reading: .all))
        #expect(report.damage.map(\.invariant) == ["I2"])
        #expect(report.damage.first?.finding == "blob \(digest) is missing (object \(key))")
    }

    @Test func totalsFoldWithoutChangingWhatTheySay() async throws {
        for content in UInt8(0)..<5 { _ = try await registry.pushImage(layers: [[content]], tags: [], to: name) }
        var limits = Limits()
        limits.imagesPerRepository = 5
        let full = RegistryServices(
            database: services.database, blobs: services.blobs, clock: services.clock, ids: services.ids, keys: services.keys, limits: limits,
            log: services.log
        ).registry(registry.id)
        await #expect(throws: RegistryError.tooManyImages(limit: 5)) { try await full.pushImage(layers: [[9]], tags: [], to: name) }
        while try await services.foldTotals(limit: 2) > 0 {}
        await #expect(throws: RegistryError.tooManyImages(limit: 5)) { try await full.pushImage(layers: [[9]], tags: [], to: name) }
    }
}
