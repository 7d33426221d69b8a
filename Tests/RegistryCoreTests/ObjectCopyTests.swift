import NIOCore
import OCI
import Stores
import TestSupport
import Testing

@testable import RegistryCore

/// Objects that are to be deleted, and copies, which are until a row names them.
@Suite struct ObjectCopyTests {
    private let installation: TestInstallation
    private var services: RegistryServices { installation.services }

    init() throws { installation = try TestInstallation() }

    /// Whether the reaper has something to do when `time` has gone by.
    private func isReaped(after time: Duration) async throws -> Bool {
        installation.clock.advance(by: time)
        return try await services.reapObjects(limit: 10) > 0
    }

    @Test(arguments: [[10, 100], [100, 10]]) func theEarlierTimeCounts(_ seconds: [Int]) async throws {
        let key = services.newObjectKey()
        for second in seconds { try await services.database.write { try $0.bury(key, at: $0.now + .seconds(second)) } }
        #expect(try await !isReaped(after: .seconds(9)))
        #expect(try await isReaped(after: .seconds(1)))
        #expect(try await !isReaped(after: .seconds(1000)))
    }

    @Test func anObjectThatStaysDoesNotKeepTheOthers() async throws {
        let keys = (0..<3).map { _ in services.newObjectKey() }
        for (index, key) in keys.enumerated() { try await services.database.write { try $0.bury(key, at: $0.now + .seconds(index)) } }
        installation.clock.advance(by: .seconds(10))
        // All at once, then the first of them.
        for number in [1, 2] { installation.blobs.fail(.delete, at: number) }
        await #expect(throws: BlobStoreError.self) { try await services.reapObjects(limit: 10) }
        #expect(try await services.reclaimStatus().buriedObjects == 1)
        #expect(try await isReaped(after: .seconds(31)))
    }

    @Test func aCopyIsLeftBehindAfterAWeek() async throws {
        _ = try await services.beginCopy()
        #expect(try await !isReaped(after: .seconds(7 * 24 * 3600 - 1)))
        #expect(try await isReaped(after: .seconds(1)))
    }

    @Test func aCopyOfAProcessThatEndedGoesWithTheNextOne() async throws {
        _ = try await services.beginCopy()
        #expect(try await services.releaseCopies() == 1)
        #expect(try await isReaped(after: .zero))
        #expect(try await services.releaseCopies() == 0)
    }

    @Test func anAbandonedCopyGoesAtOnce() async throws {
        try await services.abandonCopy(services.beginCopy())
        #expect(try await isReaped(after: .zero))
    }

    @Test func aCopyThatIsKeptStaysAndItsSourceGoes() async throws {
        let (source, copy) = (services.newObjectKey(), try await services.beginCopy())
        try await services.database.write { try $0.keepCopy(copy, insteadOf: source) }
        #expect(try await !isReaped(after: .seconds(59)))
        #expect(try await services.reclaimStatus().buriedObjects == 1)
        #expect(try await isReaped(after: .seconds(1)))
        #expect(try await !isReaped(after: .seconds(14 * 24 * 3600)))
    }
}
