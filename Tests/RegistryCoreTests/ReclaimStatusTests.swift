import OCI
import RegistryCore
import TestSupport
import Testing

@Suite struct ReclaimStatusTests {
    @Test func everyStageIsCounted() async throws {
        let installation = try TestInstallation()
        let (registry, services) = (installation.registry, installation.services)
        let name = try repository("app")
        _ = try await registry.createRepository(name)
        #expect(try await services.reclaimStatus().waitingBlobs == 0)

        try await registry.push([1], to: name)
        _ = try await registry.startUpload(in: name)
        let fresh = try await services.reclaimStatus()
        #expect((fresh.waitingBlobs, fresh.dueBlobs, fresh.openUploads, fresh.delaySeconds) == (1, 0, 1, 0))

        installation.clock.advance(by: registry.limits.blobLease + .seconds(90))
        let due = try await services.reclaimStatus()
        #expect((due.waitingBlobs, due.dueBlobs, due.delaySeconds) == (0, 1, 90))
        #expect(try await services.collectionDelay() == .seconds(90))

        _ = try await services.reclaimBlobs(limit: 10)
        #expect(try await services.reclaimStatus().buriedObjects == 1)
        installation.blobs.failNext(.delete)
        await #expect(throws: (any Error).self) { try await services.reapObjects(limit: 10) }
        installation.clock.advance(by: .seconds(60))
        installation.blobs.failNext(.delete)
        await #expect(throws: (any Error).self) { try await services.reapObjects(limit: 10) }
        #expect(try await services.reclaimStatus().failedDeletions == 1)
        #expect(try await services.collectionDelay() == .zero, "no haste would help")
        installation.clock.advance(by: .seconds(60))
        #expect(try await services.reapObjects(limit: 10) == 1)
        _ = try await registry.deleteRepository(name, force: true)
        let last = try await services.reclaimStatus()
        #expect((last.buriedObjects, last.dueBlobs, last.deletedRepositories) == (0, 0, 1))
    }
}
