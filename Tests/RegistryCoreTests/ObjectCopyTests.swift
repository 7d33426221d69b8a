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
}
