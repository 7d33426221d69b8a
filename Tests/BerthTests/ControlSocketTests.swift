import Foundation
import Logging
import ServiceLifecycle
import Testing

@testable import berth

@Suite struct ControlSocketTests {
    private struct Unexpected: Error {}

    /// Runs `body` with a folder on whose socket `perform` answers.
    private func served(
        _ perform: @escaping @Sendable (ControlCommand) async throws -> String, _ body: (DataFolder) async throws -> Void
    ) async throws {
        let folder = DataFolder(path: NSTemporaryDirectory() + "berth-\(UUID().uuidString.prefix(8))")
        try folder.create()
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let socket = try await ControlSocket.open(at: folder.socket, log: log, perform: perform)
        let group = ServiceGroup(services: [socket], logger: log)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await body(folder)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func aCommandIsPerformedAndItsTextComesBack() async throws {
        try await served {
            "did \($0)"
        } _: { folder in
            let first = try await send(.resetRootKey(account: nil), to: folder)
            let second = try await send(.revoke(.token("t")), to: folder)
            #expect([first, second] == ["did \(ControlCommand.resetRootKey(account: nil))", "did \(ControlCommand.revoke(.token("t")))"])
        }
    }

    @Test func aRefusalComesBackAsOne() async throws {
        try await served { _ in
            throw Refusal("Not today.")
        } _: { folder in
            await #expect(throws: Refusal("Not today.")) { try await send(.resetRootKey(account: nil), to: folder) }
        }
    }

    @Test func anErrorTellsNothingOfItsInside() async throws {
        try await served { _ in
            throw Unexpected()
        } _: { folder in
            let error = await #expect(throws: Refusal.self) { try await send(.resetRootKey(account: nil), to: folder) }
            #expect(error?.description.contains("Unexpected") == false)
        }
    }

    @Test func onlyTheOwnerMayOpenIt() async throws {
        try await served { _ in
            ""
        } _: { folder in
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.socket)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    /// A server that restarts finds the folder free.
    @Test func whoWasServedDoesNotTakeTheFolderWhenTheServerIsAway() async throws {
        var served: CommandRunner?
        try await self.served {
            "did \($0)"
        } _: { folder in
            try Data().write(to: URL(filePath: folder.database))
            let runner = try CommandRunner(try Settings(from: [.flags([.data: [folder.path]])]))
            #expect(try await runner.perform(.revoke(.token("t"))).hasPrefix("did"))
            served = runner
        }
        let runner = try #require(served)
        let refusal = await #expect(throws: Refusal.self) { try await runner.perform(.revoke(.token("t"))) }
        #expect(refusal?.description.contains("does not answer any more") == true)
    }

    @Test func withoutAServerThereIsNoAnswer() async throws {
        #expect(try await send(.resetRootKey(account: nil), to: DataFolder(path: "/nonexistent")) == nil)
    }
}
