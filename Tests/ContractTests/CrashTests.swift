import Foundation
import SQLiteDatabase
import Stores
import TestSupport
import Testing

/// What was acknowledged survives `kill -9` of the process, and nothing is half there.
@Suite struct CrashTests {
    /// Set in the process that is to be killed: the path of its database.
    private static let variable = "BERTH_TEST_CRASHING_DATABASE"

    @Test(arguments: [1, 40, 300, 1500])
    func acknowledgedWritesSurvive(_ acknowledgements: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("berth.sqlite")
        let acknowledged = try runAndKill(database: path, after: acknowledgements)
        #expect(acknowledged.count >= acknowledgements)

        let database = try SQLiteDatabase(path: path, migrations: TestDatabase.migrations)
        #expect(try await database.integrityCheck() == [])
        let parents = Set(try await database.read { try $0.rows("SELECT id FROM parents") { $0.integer(0) } })
        let children = Set(try await database.read { try $0.rows("SELECT parent_id FROM children") { $0.integer(0) } })
        #expect(acknowledged.subtracting(parents).isEmpty)
        #expect(parents == children)
    }

    /// Runs `whatManyWriteIsThere` in a process of its own; returns what it had acknowledged when it was killed.
    private func runAndKill(database: String, after acknowledgements: Int) throws -> Set<Int64> {
        let process = Process()
        process.executableURL = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        process.arguments = ["--testing-library", "swift-testing", "--filter", "CrashTests/whatManyWriteIsThere"]
        process.environment = ProcessInfo.processInfo.environment.merging([Self.variable: database]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var text = Data()
        var acknowledged: Set<Int64> = []
        while true {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            text += more
            while let end = text.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: text[..<end], as: UTF8.self)
                if line.hasPrefix("acknowledged "), let id = Int64(line.dropFirst("acknowledged ".count)) { acknowledged.insert(id) }
                text = Data(text[text.index(after: end)...])
            }
            if acknowledged.count >= acknowledgements { kill(process.processIdentifier, SIGKILL) }
        }
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal)
        return acknowledged
    }

    /// The process that the test above kills goes on until then.
    @Test func whatManyWriteIsThere() async throws {
        let toBeKilled = ProcessInfo.processInfo.environment[Self.variable]
        let folder = try toBeKilled == nil ? TemporaryFolder() : nil
        let database = try SQLiteDatabase(path: toBeKilled ?? #require(folder).file("berth.sqlite"), migrations: TestDatabase.migrations)
        let (writers, rounds): (Int64, Int64) = (8, toBeKilled == nil ? 25 : 100_000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    for number in 0..<rounds {
                        let id = number * writers + writer
                        try await database.write { transaction in
                            try transaction.execute("INSERT INTO parents (id, name) VALUES (\(id), \("p\(id)"))")
                            try transaction.execute("INSERT INTO children (id, parent_id) VALUES (\(id), \(id))")
                        }
                        #expect(try await database.read { try $0.first("SELECT parent_id FROM children WHERE id = \(id)") { $0.integer(0) } } == id)
                        guard toBeKilled != nil else { continue }
                        let line = Array("acknowledged \(id)\n".utf8)
                        #expect(write(STDOUT_FILENO, line, line.count) == line.count)
                    }
                }
            }
            try await group.waitForAll()
        }
        let parents = try await database.read { try $0.rows("SELECT id FROM parents ORDER BY id") { $0.integer(0) } }
        #expect(parents == Array(0..<writers * rounds))
        #expect(try await database.integrityCheck() == [])
    }
}
