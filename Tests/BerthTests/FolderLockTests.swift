import Foundation
import Testing

@testable import berth

@Suite struct FolderLockTests {
    @Test func oneHoldsItAndTheOtherIsToldWho() throws {
        let folder = DataFolder(path: NSTemporaryDirectory() + "berth-\(UUID().uuidString)")
        try folder.create()
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        var lock: FolderLock? = try FolderLock(of: folder)
        let error = #expect(throws: Refusal.self) { try FolderLock(of: folder) }
        #expect(error?.description.contains("process \(ProcessInfo.processInfo.processIdentifier).") == true)
        #expect(lock != nil)
        lock = nil
        _ = try FolderLock(of: folder)
    }
}
