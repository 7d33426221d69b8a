import Stores
import TestSupport
import Testing

/// A database of three small tables.
struct TestDatabase {
    let folder: TemporaryFolder
    let database: any Database

    static let migrations = [
        Migration(
            number: 1, name: "test tables",
            statements: """
                CREATE TABLE parents (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE);
                CREATE TABLE children (id BIGINT NOT NULL PRIMARY KEY, parent_id BIGINT NOT NULL REFERENCES parents (id)) /*sqlite WITHOUT ROWID*/;
                CREATE TABLE samples (id BIGINT NOT NULL PRIMARY KEY, i BIGINT, t TEXT, b BYTEA);
                """)
    ]

    func count(_ table: StaticString) async throws -> Int64? {
        try await database.read { try $0.first("SELECT COUNT(*) FROM \(raw: table)") { $0.integer(0) } }
    }

    /// Expects that `statement` fails with an error that `matches`.
    func expect(_ statement: SQL, _ matches: (DatabaseError) -> Bool) async throws {
        do {
            _ = try await database.write { try $0.execute(statement) }
            Issue.record("\(statement.pieces) passed")
        } catch let error as DatabaseError {
            #expect(matches(error), "\(error)")
        }
    }
}
