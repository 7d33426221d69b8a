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

    /// Its object is still there, until the reaper comes, and no commit of a request makes anybody look again.
    @Test func whatIsReclaimedIsNotPulledAnyMore() async throws {
        let digests = [try await registry.push([1], to: name), try await registry.push([2], to: name)]
        for (digest, content) in zip(digests, [[UInt8(1)], [2]]) { #expect(try await registry.pull(digest, from: name) == content) }
        let version = try #require(installation.sqlite.version)
        installation.clock.advance(by: registry.limits.blobLease + .seconds(1))
        #expect(try await services.reclaimBlobs(limit: 1) == 1)
        #expect(installation.sqlite.version == version)
        await #expect(throws: RegistryError.layerNotFound(digests[0], name, registry: registry.id)) {
            try await registry.pull(digests[0], from: name)
        }
        #expect(try await registry.pull(digests[1], from: name) == [2])
    }

    @Test func aBlobThatCannotBeReclaimedHoldsUpNoOther() async throws {
        var digests: [Digest] = []
        for content in UInt8(1)...3 { digests.append(try await registry.push([content], to: name)) }
        let refused = digests[0]
        try await installation.sqlite.write { transaction in
            try transaction.execute("CREATE TABLE refused (digest BLOB)")
            try transaction.execute("INSERT INTO refused VALUES (\(refused.bytes))")
            try transaction.execute(
                """
                CREATE TRIGGER refusal BEFORE DELETE ON blobs WHEN OLD.digest = (SELECT digest FROM refused)
                BEGIN SELECT RAISE(ABORT, 'no'); END
                """)
        }
        installation.clock.advance(by: registry.limits.blobLease + .seconds(1))
        await #expect(throws: DatabaseError.self) { try await services.reclaimBlobs(limit: 10) }
        #expect(try await registry.findLayers(digests, in: name, reserving: false).map(\.digest) == [refused])
        #expect(try await services.reclaimBlobs(limit: 10) == 0)
        try await installation.sqlite.write { try $0.execute("DROP TRIGGER refusal") }
        installation.clock.advance(by: .seconds(31))
        #expect(try await services.reclaimBlobs(limit: 10) == 1)
        #expect(try await registry.findLayers(digests, in: name, reserving: false).isEmpty)
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
