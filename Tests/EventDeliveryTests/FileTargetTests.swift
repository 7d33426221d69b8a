import Foundation
import RegistryCore
import Stores
import TestSupport
import Testing

@testable import EventDelivery

@Suite("The file of events") struct FileTargetTests {
    let folder: TemporaryFolder
    var path: String { folder.file("events.jsonl") }

    init() throws { folder = try TemporaryFolder() }

    private func event(_ text: String) -> PendingEvent {
        PendingEvent(id: 1, repositoryID: 1, notedAt: Timestamp(milliseconds: 0), body: text)
    }

    private func content() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test("Appends a line for each event, for its owner's eyes") func appends() async throws {
        let target = FileTarget(path: path)
        #expect(await target.deliver([event("{1}"), event("{2}")]).count == 2)
        #expect(await target.deliver([event("{3}")]).count == 1)
        #expect(try content() == "{1}\n{2}\n{3}\n")
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        #expect(await target.deliver([event("{4}")]).count == 1)
        #expect(try content() == "{4}\n")
    }

    @Test("Ends a line that was cut off") func cutOff() async throws {
        try "{1}\n{cut".write(toFile: path, atomically: false, encoding: .utf8)
        #expect(await FileTarget(path: path).deliver([event("{cut off}")]).count == 1)
        #expect(try content() == "{1}\n{cut\n{cut off}\n")
    }

    @Test("A file that cannot be written takes nothing") func refused() async throws {
        let arrival = await FileTarget(path: folder.file("absent/events")).deliver([event("{1}")])
        #expect(arrival.count == 0 && arrival.failure != nil)
    }

    @Test("Whether it can be written is told before the first event") func check() throws {
        try FileTarget(path: path).check()
        #expect(try content() == "")
        let absent = folder.file("absent/events")
        let failure = #expect(throws: DeliveryFailure.self) { try FileTarget(path: absent).check() }
        #expect(failure?.description == "\(absent) cannot be opened: No such file or directory.")
    }
}
