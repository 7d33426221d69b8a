import RegistryCore
import Stores
import Synchronization
import TestSupport
import Testing

/// What `/readyz` rests on.
@Suite struct ProbeTests {
    let installation: TestInstallation

    init() throws { installation = try TestInstallation() }

    @Test func probesWriteAndLeaveNothingBehind() async throws {
        for _ in 0..<3 {
            try await installation.services.probeDatabase()
            try await installation.services.probeBlobs()
        }
        #expect(installation.blobs.count(.synchronize) == 3)
        let written = try await installation.sqlite.read { try $0.rows("SELECT at FROM probes") { $0.timestamp(0) } }
        #expect(written == [installation.clock.now])
        let left = Mutex<[ObjectKey]>([])
        try await installation.blobs.list { key, _ in left.withLock { $0.append(key) } }
        #expect(left.withLock { $0 } == [])
    }

    @Test(arguments: [Fault.Call.append, .write, .synchronize])
    func aStoreThatCannotWriteIsNotReady(_ call: Fault.Call) async throws {
        installation.blobs.failNext(call)
        await #expect(throws: BlobStoreError.failed("injected")) { try await installation.services.probeBlobs() }
        try await installation.services.probeBlobs()
    }

    @Test(arguments: [Fault.Call.append, .write, .synchronize])
    func aFullStoreIsReadyToBeRead(_ call: Fault.Call) async throws {
        installation.blobs.failNext(call, error: .full)
        try await installation.services.probeBlobs()
    }

    @Test func aClosedDatabaseIsNotReady() async throws {
        try await installation.sqlite.close()
        await #expect(throws: DatabaseError.self) { try await installation.services.probeDatabase() }
    }
}
