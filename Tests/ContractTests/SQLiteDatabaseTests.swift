import Foundation
import SQLiteDatabase
import Stores
import TestSupport
import Testing

/// What holds of SQLite beyond the contract of `Database`.
@Suite struct SQLiteDatabaseTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("berth.sqlite")
    }

    private func open() throws -> SQLiteDatabase {
        try SQLiteDatabase(path: path, migrations: TestDatabase.migrations, clock: FixedClock())
    }

    @Test(arguments: [
        ("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("trusted_schema", "0"), ("busy_timeout", "5000"), ("temp_store", "2"),
        ("mmap_size", "268435456"), ("cache_spill", "0"),
    ])
    func settingsHold(_ setting: String, _ value: String) async throws {
        // A pragma that sets nothing is the same in a transaction.
        let statement = SQL(stringLiteral: "PRAGMA \(setting)")
        let database = try open()
        #expect(try await database.write { try $0.first(statement) { $0.text(0) } } == value)
        if !["synchronous", "busy_timeout", "cache_spill"].contains(setting) {
            #expect(try await database.read { try $0.first(statement) { $0.text(0) } } == (setting == "mmap_size" ? "0" : value))
        }
    }

    @Test func filesAreTheOwnersOnly() async throws {
        let database = try open()
        try await database.write { try $0.execute("INSERT INTO parents (id, name) VALUES (1, 'a')") }
        for file in [path, path + "-wal", path + "-shm"] {
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600, "\(file)")
        }
    }

    @Test func concurrentWritesShareCommits() async throws {
        let database = try open()
        let before = try commits()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in 1...64 as ClosedRange<Int64> {
                group.addTask { try await database.write { _ = try $0.execute("INSERT INTO parents (id, name) VALUES (\(id), \("p\(id)"))") } }
            }
            try await group.waitForAll()
        }
        let made = try commits() - before
        #expect(try await database.read { try $0.first("SELECT COUNT(*) FROM parents") { $0.integer(0) } } == 64)
        #expect((1..<64).contains(made), "64 writes made \(made) commits")
    }

    /// Commit frames in the write-ahead log: by SQLite's file format, section 4.1, those whose second word is not 0.
    private func commits() throws -> Int {
        let log = [UInt8](try Data(contentsOf: URL(filePath: path + "-wal")))
        guard log.count >= 32 else { return 0 }
        let frame = 24 + log[8..<12].reduce(0) { $0 << 8 | Int($1) }
        return stride(from: 32, to: log.count - frame + 1, by: frame).count { start in log[(start + 4)..<(start + 8)].contains { $0 != 0 } }
    }

    /// A copy of the files, as a crash leaves them, has all that was committed: small and large, and behind what was undone.
    @Test func whatIsCommittedIsInTheFiles() async throws {
        struct Undone: Error {}
        let database = try open()
        let name = String(repeating: "x", count: 2000)
        var expected: Int64 = 0
        for (round, count) in ([1, 40, 1, 3000, 2] as [Int64]).enumerated() {
            let first = expected
            await #expect(throws: Undone.self) {
                try await database.write { transaction in
                    for id in first..<(first + count) { try transaction.execute("INSERT INTO parents (id, name) VALUES (\(id), \("-\(id)\(name)"))") }
                    throw Undone()
                }
            }
            try await database.write { transaction in
                for id in first..<(first + count) { try transaction.execute("INSERT INTO parents (id, name) VALUES (\(id), \("\(id)\(name)"))") }
            }
            expected += count
            let copy = folder.file("copy-\(round).sqlite")
            for suffix in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix) }
            let crashed = try SQLiteDatabase(path: copy, migrations: TestDatabase.migrations, clock: FixedClock())
            let found = try await crashed.read { try $0.first("SELECT COUNT(*) FROM parents") { $0.integer(0) } }
            #expect(found == expected, "after round \(round)")
            #expect(try await crashed.integrityCheck() == [])
            try await crashed.close()
        }
    }

    /// A process that was killed leaves the log of what it had copied; another copy has nothing of it.
    @Test func aCopyTakesNoLogOfAnotherForItsOwn() async throws {
        let (database, copy) = (try open(), folder.file("copy.sqlite"))
        try await database.copy(to: copy)
        let killed = try SQLiteDatabase(path: copy, migrations: TestDatabase.migrations, clock: FixedClock())
        try await killed.write { try $0.execute("INSERT INTO parents (id, name) VALUES (1, 'of the killed')") }
        for suffix in ["-wal", "-shm"] { try FileManager.default.copyItem(atPath: copy + suffix, toPath: copy + ".kept" + suffix) }
        try await killed.close()
        for suffix in ["-wal", "-shm"] { try FileManager.default.moveItem(atPath: copy + ".kept" + suffix, toPath: copy + suffix) }
        try await database.copy(to: copy)
        #expect(!FileManager.default.fileExists(atPath: copy + "-wal"))
        let opened = try SQLiteDatabase(path: copy, migrations: TestDatabase.migrations, clock: FixedClock())
        #expect(try await opened.read { try $0.first("SELECT COUNT(*) FROM parents") { $0.integer(0) } } == 0)
        try await opened.close()
        try SQLiteDatabase.remove(at: copy)
        try SQLiteDatabase.remove(at: copy)
        #expect(!FileManager.default.fileExists(atPath: copy))
    }

    @Test func reopeningKeepsData() async throws {
        let first = try open()
        try await first.write { try $0.execute("INSERT INTO parents (id, name) VALUES (1, 'a')") }
        try await first.close()
        #expect(!FileManager.default.fileExists(atPath: path + "-wal"), "a clean close leaves one file")
        await #expect(throws: DatabaseError.other("the database is closed")) { try await first.read { _ in } }
        await #expect(throws: DatabaseError.other("the database is closed")) { try await first.write { _ in } }

        let second = try open()
        #expect(try await second.read { try $0.first("SELECT name FROM parents") { $0.text(0) } } == "a")
        #expect(try await second.integrityCheck() == [])
    }

    @Test func closingWaitsForWhatWasAsked() async throws {
        let database = try open()
        let written = await withTaskGroup(of: Bool.self) { group in
            for id in 1...100 as ClosedRange<Int64> {
                group.addTask {
                    do {
                        try await database.write { try $0.execute("INSERT INTO parents (id, name) VALUES (\(id), \("p\(id)"))") }
                        return true
                    } catch {
                        return false
                    }
                }
            }
            group.addTask {
                do { try await database.close() } catch { Issue.record(error) }
                return false
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(try await open().read { try $0.first("SELECT COUNT(*) FROM parents") { $0.integer(0) } } == Int64(written))
    }

    @Test func aLockedFileIsRetryable() async throws {
        let first = try open()
        let second = try open()
        let (entered, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await first.write { transaction in
                    try transaction.execute("INSERT INTO parents (id, name) VALUES (1, 'a')")
                    entered.signal()
                    release.wait()
                }
            }
            group.addTask {
                defer { release.signal() }
                try await second.read { _ in entered.wait() }
                do {
                    try await second.write { try $0.execute("INSERT INTO parents (id, name) VALUES (2, 'b')") }
                    Issue.record("two writers at once")
                } catch DatabaseError.retryable {
                    // As it should be, after the busy timeout.
                }
            }
            try await group.waitForAll()
        }
        #expect(try await second.read { try $0.first("SELECT COUNT(*) FROM parents") { $0.integer(0) } } == 1)
    }

    /// SQLite gives up the whole transaction when its file is full; only the write that was too large may suffer.
    @Test func aFullDatabaseFailsOnlyWhoFilledIt() async throws {
        let database = try open()
        try await database.write { transaction in
            let used = try transaction.first("PRAGMA page_count") { $0.integer(0) } ?? 0
            _ = try transaction.first(SQL(stringLiteral: "PRAGMA max_page_count = \(used + 20)")) { $0.integer(0) }
        }
        let large = [UInt8](repeating: 7, count: 1 << 20)
        let outcomes = try await withThrowingTaskGroup(of: (Int64, Bool).self) { group in
            for id in 1...16 as ClosedRange<Int64> {
                group.addTask {
                    do {
                        try await database.write { transaction in
                            _ = try transaction.execute("INSERT INTO samples (id, b) VALUES (\(id), \(id == 8 ? large : [1]))")
                        }
                        return (id, true)
                    } catch DatabaseError.full {
                        return (id, false)
                    }
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(outcomes.filter { !$0.value }.map(\.key) == [8])
        #expect(try await database.read { try $0.first("SELECT COUNT(*) FROM samples") { $0.integer(0) } } == 15)
    }

    @Test func integrityCheckFindsDamage() async throws {
        let database = try open()
        try await database.write { transaction in
            for id in 1...2000 as ClosedRange<Int64> { try transaction.execute("INSERT INTO parents (id, name) VALUES (\(id), \("name \(id)"))") }
        }
        #expect(try await database.integrityCheck() == [])
        try await database.close()

        let file = try FileHandle(forUpdating: URL(filePath: path))
        try file.seek(toOffset: 12 * 4096 + 8)
        try file.write(contentsOf: Data(repeating: 0xff, count: 2000))
        try file.close()
        let damaged = try open()
        do {
            #expect(try await damaged.integrityCheck() != [])
        } catch DatabaseError.other {
            // Damage that SQLite cannot even read past is told as an error.
        }
    }

    @Test func explainTellsScansFromSearches() async throws {
        let database = try open()
        #expect(try await database.explain("SELECT id FROM parents WHERE name = \("a")").allSatisfy { $0.hasPrefix("SEARCH") })
        #expect(try await database.explain("SELECT id FROM samples WHERE t = \("a")").contains { $0.hasPrefix("SCAN") })
    }
}
