import Foundation
import Identity
import RegistryCore
import SQLiteDatabase
import Stores
import TestSupport
import Testing

/// How a database comes to its schema.
@Suite struct MigrationTests {
    let folder: TemporaryFolder
    let path: String
    let one = Migration(number: 1, name: "one", statements: "CREATE TABLE a (id BIGINT NOT NULL PRIMARY KEY);")
    let two = Migration(number: 2, name: "two", statements: "CREATE TABLE b (id BIGINT NOT NULL PRIMARY KEY); INSERT INTO b SELECT id FROM a;")

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("berth.sqlite")
    }

    private func open(_ migrations: [Migration]) throws -> SQLiteDatabase {
        try SQLiteDatabase(path: path, migrations: migrations, clock: FixedClock())
    }

    @Test func anUpgradeKeepsDataAndLeavesACopy() async throws {
        let old = try open([one])
        try await old.write { try $0.execute("INSERT INTO a (id) VALUES (7)") }
        try await old.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["berth.sqlite"], "nothing to copy before the first schema")

        // In any order: modules bring their own lists.
        let new = try open([two, one])
        #expect(try await new.read { try $0.first("SELECT id FROM b") { $0.integer(0) } } == 7)
        let versions = try await new.read { transaction in
            try transaction.rows("SELECT version, name, checksum, applied_at FROM schema_version ORDER BY version") { row in
                "\(row.integer(0)) \(row.text(1)) \(row.text(2)) \(row.integer(3))"
            }
        }
        let moment = FixedClock().now.milliseconds
        #expect(versions == ["1 one \(one.checksum) \(moment)", "2 two \(two.checksum) \(moment)"])

        let copy = try SQLiteDatabase(path: path + ".before-2", migrations: [one])
        #expect(try await copy.read { try $0.first("SELECT id FROM a") { $0.integer(0) } } == 7)
        #expect(try await copy.integrityCheck() == [])
    }

    @Test func aFailedUpgradeChangesNothing() async throws {
        let old = try open([one])
        try await old.write { try $0.execute("INSERT INTO a (id) VALUES (7)") }
        try await old.close()
        let broken = Migration(number: 3, name: "broken", statements: "CREATE TABLE c (id BIGINT NOT NULL PRIMARY KEY); SELECT nonsense;")
        #expect(throws: DatabaseError.self) { try open([one, two, broken]) }
        let again = try open([one])
        #expect(try await again.read { try $0.rows("SELECT name FROM sqlite_master WHERE name IN ('b', 'c')") { $0.text(0) } } == [])
    }

    @Test func aMigrationMayNotBreakForeignKeys() async throws {
        let tables = Migration(
            number: 1, name: "tables",
            statements: """
                CREATE TABLE p (id BIGINT NOT NULL PRIMARY KEY);
                CREATE TABLE c (p BIGINT NOT NULL REFERENCES p (id));
                INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);
                """)
        try await open([tables]).close()
        let breaking = Migration(number: 2, name: "breaking", statements: "DELETE FROM p;")
        #expect(throws: DatabaseError.self) { try open([tables, breaking]) }
        let rebuilding = Migration(
            number: 2, name: "rebuilding",
            statements: """
                CREATE TABLE new_p (id BIGINT NOT NULL PRIMARY KEY, name TEXT);
                INSERT INTO new_p (id) SELECT id FROM p;
                DROP TABLE p;
                ALTER TABLE new_p RENAME TO p;
                """)
        let rebuilt = try open([tables, rebuilding])
        await #expect(throws: DatabaseError.self) { try await rebuilt.write { try $0.execute("DELETE FROM p") } }
    }

    @Test func aNewerDatabaseIsRefused() async throws {
        try await open([one, two]).close()
        let error = #expect(throws: SchemaError.self) { try open([one]) }
        #expect(error == .newer(found: 2, known: 1))
        #expect(error?.description.contains("Start the newer program") == true)
        #expect(throws: SchemaError.newer(found: 2, known: 0)) { try open([]) }
    }

    @Test func aChangedMigrationIsRefused() async throws {
        try await open([one]).close()
        let changed = Migration(number: 1, name: "one", statements: one.statements + " ")
        #expect(throws: SchemaError.changed(number: 1, name: "one")) { try open([changed]) }
    }

    @Test func numbersAreUniqueAndGrow() async throws {
        #expect(throws: SchemaError.outOfOrder(number: 1, name: "again")) {
            try open([one, Migration(number: 1, name: "again", statements: two.statements)])
        }
        let second = Migration(number: 2, name: "two", statements: one.statements)
        try await open([second]).close()
        let late = Migration(number: 1, name: "late", statements: two.statements)
        #expect(throws: SchemaError.outOfOrder(number: 1, name: "late")) { try open([late, second]) }
    }

    @Test func modulesGoOnIndependently() async throws {
        let other = Migration(number: 100, name: "other module", statements: "CREATE TABLE x (id BIGINT NOT NULL PRIMARY KEY);")
        try await open([one, other]).close()
        try await open([other, two, one]).close()
        #expect(throws: SchemaError.newer(found: 2, known: 1)) { try open([one, other]) }
        #expect(throws: SchemaError.newer(found: 100, known: 0)) { try open([one, two]) }
    }

    @Test func modulesDoNotShareNumbers() throws {
        let plan = try SchemaPlan(TestInstallation.migrations, applied: [])
        #expect(plan.pending.count == TestInstallation.migrations.count)
        #expect(!plan.isUpgrade)
    }

    @Test func openingAgainAppliesNothing() async throws {
        try await open([one, two]).close()
        try await open([one, two]).close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["berth.sqlite"])
    }
}
