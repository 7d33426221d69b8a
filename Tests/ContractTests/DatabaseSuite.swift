import SQLiteDatabase
import Stores
import TestSupport
import Testing

/// What every `Database` promises, over every implementation and decorator.
@Suite struct DatabaseSuite {
    enum Backend: CaseIterable {
        case sqlite
        case recordingSQLite

        func open() throws -> TestDatabase {
            let folder = try TemporaryFolder()
            let sqlite = try SQLiteDatabase(path: folder.file("test.sqlite"), migrations: TestDatabase.migrations, clock: FixedClock())
            return TestDatabase(folder: folder, database: self == .sqlite ? sqlite : RecordingDatabase(sqlite))
        }
    }

    struct Refusal: Error, Equatable {}

    @Test(arguments: Backend.allCases)
    func valuesComeBackAsTheyWere(_ backend: Backend) async throws {
        let test = try backend.open()
        let blob: [UInt8] = [0, 1, 255]
        let text = "ä\u{1F600}'; DROP TABLE parents; --"
        let (emptyText, emptyBytes): (String, [UInt8]) = ("", [])
        let (noInteger, noText, noBytes): (Int64?, String?, [UInt8]?) = (nil, nil, nil)
        let values = try await test.database.write { transaction in
            try transaction.execute("INSERT INTO samples (id, i, t, b) VALUES (1, \(Int64.min), \(text), \(blob))")
            try transaction.execute("INSERT INTO samples (id, i, t, b) VALUES (2, \(Int64.max), \(emptyText), \(emptyBytes))")
            try transaction.execute("INSERT INTO samples (id, i, t, b) VALUES (3, \(optional: noInteger), \(optional: noText), \(optional: noBytes))")
            return try transaction.rows("SELECT i, t, b FROM samples ORDER BY id") { row in
                Sample(integer: row.optionalInteger(0), text: row.optionalText(1), bytes: row.optionalBytes(2))
            }
        }
        #expect(
            values == [
                Sample(integer: .min, text: text, bytes: blob), Sample(integer: .max, text: "", bytes: []),
                Sample(integer: nil, text: nil, bytes: nil),
            ])
    }

    @Test(arguments: Backend.allCases)
    func timeIsTheDatabasesOwn(_ backend: Backend) async throws {
        let test = try backend.open()
        let now = FixedClock().now
        #expect(try await test.database.read { $0.now } == now)
        #expect(try await test.database.write { $0.now } == now)
    }

    @Test(arguments: Backend.allCases)
    func aWriteIsSeenByTheNextRead(_ backend: Backend) async throws {
        let test = try backend.open()
        for id in 1...50 as ClosedRange<Int64> {
            try await test.database.write { try $0.execute("INSERT INTO parents (id, name) VALUES (\(id), \("p\(id)"))") }
            let found = try await test.database.read { try $0.first("SELECT name FROM parents WHERE id = \(id)") { $0.text(0) } }
            #expect(found == "p\(id)")
        }
    }

    @Test(arguments: Backend.allCases)
    func executeCountsChangedRows(_ backend: Backend) async throws {
        let test = try backend.open()
        let counts = try await test.database.write { transaction in
            [
                try transaction.execute("INSERT INTO parents (id, name) VALUES (1, 'a'), (2, 'b')"),
                try transaction.execute("INSERT INTO parents (id, name) VALUES (1, 'a') ON CONFLICT (id) DO NOTHING"),
                try transaction.execute("UPDATE parents SET name = 'c' WHERE id > 5"),
                try transaction.execute("DELETE FROM parents"),
            ]
        }
        #expect(counts == [2, 0, 0, 2])
    }

    @Test(arguments: Backend.allCases)
    func whatThrowsLeavesNothing(_ backend: Backend) async throws {
        let test = try backend.open()
        await #expect(throws: Refusal()) {
            try await test.database.write { transaction in
                try transaction.execute("INSERT INTO parents (id, name) VALUES (1, 'a')")
                throw Refusal()
            }
        }
        #expect(try await test.count("parents") == 0)
        try await test.database.write { try $0.execute("INSERT INTO parents (id, name) VALUES (1, 'a')") }
        #expect(try await test.count("parents") == 1)
    }

    @Test(arguments: Backend.allCases)
    func aSavepointUndoesOnlyItsOwn(_ backend: Backend) async throws {
        let test = try backend.open()
        try await test.database.write { transaction in
            try transaction.execute("INSERT INTO parents (id, name) VALUES (1, 'kept')")
            #expect(throws: DatabaseError.self) {
                try transaction.savepoint {
                    try transaction.execute("INSERT INTO parents (id, name) VALUES (2, 'undone')")
                    try transaction.savepoint { _ = try transaction.execute("INSERT INTO parents (id, name) VALUES (3, 'undone too')") }
                    try transaction.execute("INSERT INTO parents (id, name) VALUES (1, 'twice')")
                }
            }
            let inner = try transaction.savepoint { try transaction.execute("INSERT INTO parents (id, name) VALUES (4, 'kept too')") }
            #expect(inner == 1)
        }
        let ids = try await test.database.read { try $0.rows("SELECT id FROM parents ORDER BY id") { $0.integer(0) } }
        #expect(ids == [1, 4])
    }

    @Test(arguments: Backend.allCases)
    func errorsAreTold(_ backend: Backend) async throws {
        let test = try backend.open()
        try await test.database.write { try $0.execute("INSERT INTO parents (id, name) VALUES (1, 'a')") }
        try await test.expect("INSERT INTO parents (id, name) VALUES (1, 'b')") { if case .uniqueViolation = $0 { true } else { false } }
        try await test.expect("INSERT INTO parents (id, name) VALUES (2, 'a')") { if case .uniqueViolation = $0 { true } else { false } }
        try await test.expect("INSERT INTO children (id, parent_id) VALUES (1, 9)") { if case .foreignKeyViolation = $0 { true } else { false } }
        try await test.database.write { try $0.execute("INSERT INTO children (id, parent_id) VALUES (1, 1)") }
        try await test.expect("DELETE FROM parents WHERE id = 1") { if case .foreignKeyViolation = $0 { true } else { false } }
        try await test.expect("INSERT INTO parents (id, name) VALUES (3, NULL)") { if case .other = $0 { true } else { false } }
        try await test.expect("SELECT nonsense") { if case .other = $0 { true } else { false } }
    }

    /// SQLite checks foreign keys only when such a statement has given its last row.
    @Test(arguments: Backend.allCases)
    func foreignKeysHoldForReturning(_ backend: Backend) async throws {
        let test = try backend.open()
        try await test.database.write { transaction in
            try transaction.execute("INSERT INTO parents (id, name) VALUES (1, 'a')")
            try transaction.execute("INSERT INTO children (id, parent_id) VALUES (1, 1)")
        }
        let outcome = try await test.database.write { transaction in
            do {
                return try transaction.first("DELETE FROM parents WHERE id = 1 RETURNING name") { $0.text(0) }
            } catch DatabaseError.foreignKeyViolation {
                return "refused"
            }
        }
        #expect(outcome == "refused")
        #expect(try await test.count("parents") == 1)
    }

    @Test(arguments: Backend.allCases)
    func returningChangesAllRowsAlthoughOneIsRead(_ backend: Backend) async throws {
        let test = try backend.open()
        let first = try await test.database.write { transaction in
            try transaction.execute("INSERT INTO parents (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c')")
            return try transaction.first("DELETE FROM parents RETURNING id") { $0.integer(0) }
        }
        #expect(first != nil)
        #expect(try await test.count("parents") == 0)
    }

    @Test(arguments: Backend.allCases)
    func aReadIsOneSnapshot(_ backend: Backend) async throws {
        let test = try backend.open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for id in 1...200 as ClosedRange<Int64> {
                    try await test.database.write { transaction in
                        try transaction.execute("INSERT INTO parents (id, name) VALUES (\(id), \("p\(id)"))")
                        try transaction.execute("INSERT INTO children (id, parent_id) VALUES (\(id), \(id))")
                    }
                }
            }
            group.addTask {
                for _ in 1...200 {
                    let (parents, children) = try await test.database.read { transaction in
                        (
                            try transaction.first("SELECT COUNT(*) FROM parents") { $0.integer(0) },
                            try transaction.first("SELECT COUNT(*) FROM children") { $0.integer(0) }
                        )
                    }
                    #expect(parents == children)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(arguments: Backend.allCases)
    func readsCannotWrite(_ backend: Backend) async throws {
        let test = try backend.open()
        await #expect(throws: DatabaseError.self) {
            _ = try await test.database.read { try $0.rows("INSERT INTO parents (id, name) VALUES (1, 'a') RETURNING id") { $0.integer(0) } }
        }
        #expect(try await test.count("parents") == 0)
    }

    @Test(arguments: Backend.allCases)
    func everyWriterGetsItsOwnAnswer(_ backend: Backend) async throws {
        let test = try backend.open()
        let answers = try await withThrowingTaskGroup(of: (Int64, String).self) { group in
            for id in 1...64 as ClosedRange<Int64> {
                group.addTask {
                    do {
                        // Every eighth is refused by its own body, every eighth by a constraint.
                        let name = try await test.database.write { transaction in
                            try transaction.execute("INSERT INTO parents (id, name) VALUES (\(id), \("p\(id)"))")
                            if id % 8 == 0 { throw Refusal() }
                            if id % 8 == 1 { try transaction.execute("INSERT INTO children (id, parent_id) VALUES (\(id), -1)") }
                            return "p\(id)"
                        }
                        return (id, name)
                    } catch is Refusal {
                        return (id, "refused")
                    } catch DatabaseError.foreignKeyViolation {
                        return (id, "violated")
                    }
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for id in 1...64 as ClosedRange<Int64> {
            #expect(answers[id] == (id % 8 == 0 ? "refused" : id % 8 == 1 ? "violated" : "p\(id)"))
        }
        #expect(try await test.count("parents") == 48)
    }

    @Test(arguments: Backend.allCases)
    func aCancelledWriterLeavesAllOrNothing(_ backend: Backend) async throws {
        let test = try backend.open()
        let succeeded = await withTaskGroup(of: Bool.self) { group in
            for id in 1...20 as ClosedRange<Int64> {
                group.addTask {
                    do {
                        try await test.database.write { transaction in
                            try transaction.execute("INSERT INTO parents (id, name) VALUES (\(id), \("p\(id)"))")
                            try transaction.execute("INSERT INTO children (id, parent_id) VALUES (\(id), \(id))")
                        }
                        return true
                    } catch {
                        return false
                    }
                }
            }
            group.cancelAll()
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(try await test.count("parents") == Int64(succeeded))
        #expect(try await test.count("children") == Int64(succeeded))
    }
}

private struct Sample: Equatable {
    let integer: Int64?
    let text: String?
    let bytes: [UInt8]?
}
