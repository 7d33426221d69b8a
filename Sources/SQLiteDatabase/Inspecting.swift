import Stores

extension SQLiteDatabase {
    /// What is wrong with the file: SQLite's own integrity check and rows whose foreign keys dangle; empty when sound. Every page is read; what the indexes
    /// have is compared with the tables unless it `isQuick`.
    package func integrityCheck(isQuick: Bool = false) async throws -> [String] {
        try await read { transaction in
            let check: SQL = isQuick ? "PRAGMA quick_check" : "PRAGMA integrity_check"
            let damage = try transaction.rows(check) { $0.text(0) }.filter { $0 != "ok" }
            let dangling = try transaction.rows("PRAGMA foreign_key_check") { row in
                "\(row.text(0)) row \(row.optionalInteger(1).map(String.init) ?? "?") refers to a missing row of \(row.text(2))"
            }
            return damage + dangling
        }
    }

    /// The lines of SQLite's query plan for a statement: `SCAN` reads a whole table, `SEARCH` goes by an index.
    package func explain(_ statement: SQL) async throws -> [String] {
        try await read { transaction in
            try transaction.rows("EXPLAIN QUERY PLAN \(sql: statement)") { $0.text(3) }
        }
    }
}
