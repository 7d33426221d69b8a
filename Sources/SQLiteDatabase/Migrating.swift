import Foundation
import GRDB
import Stores

extension GRDB.Database {
    /// Applies what this database lacks of `migrations`: all of it or nothing. Throws `SchemaError`.
    func migrate(_ migrations: [Migration], at moment: Timestamp) throws {
        let plan = try SchemaPlan(migrations, applied: appliedMigrations())
        guard let first = plan.pending.first else { return }
        if plan.isUpgrade { try copy(before: first) }

        // Rebuilding a table is only possible with foreign keys off; the check before the commit makes up for it.
        try execute(sql: "PRAGMA foreign_keys = OFF")
        let outcome = Result {
            try inTransaction(.immediate) {
                // Another process may have migrated since the plan was made.
                for migration in try SchemaPlan(migrations, applied: appliedMigrations()).pending { try apply(migration, at: moment) }
                try checkForeignKeys()
                return .commit
            }
        }
        try execute(sql: "PRAGMA foreign_keys = ON")
        try outcome.get()
    }

    private func apply(_ migration: Migration, at moment: Timestamp) throws {
        try execute(
            sql: """
                CREATE TABLE IF NOT EXISTS schema_version
                (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)
                """)
        try execute(sql: SQLDialect.sqlite.render(migration.statements))
        try execute(
            sql: "INSERT INTO schema_version (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
            arguments: [migration.number, migration.name, migration.checksum, moment.milliseconds])
    }

    private func appliedMigrations() throws -> [AppliedMigration] {
        guard try tableExists("schema_version") else { return [] }
        return try GRDB.Row.fetchAll(self, sql: "SELECT version, name, checksum FROM schema_version").map { row in
            AppliedMigration(number: row[0], name: row[1], checksum: row[2])
        }
    }

    /// Copies the database to `<file>.before-<number>` beside it, durably, in the place of an earlier such copy.
    private func copy(before migration: Migration) throws {
        guard let path = try String.fetchOne(self, sql: "SELECT file FROM pragma_database_list WHERE name = 'main'") else { return }
        let copy = "\(path).before-\(migration.number)"
        let unfinished = "\(copy).unfinished"
        try SQLiteDatabase.remove(at: unfinished)
        try SQLiteSettings.createPrivately(unfinished)
        try execute(sql: "VACUUM INTO ?", arguments: [unfinished])
        try synchronizeFile(unfinished)
        guard Foundation.rename(unfinished, copy) == 0 else { throw Stores.DatabaseError.failed(copy) }
        try synchronizeFile((copy as NSString).deletingLastPathComponent)
    }
}

/// Makes what was written to a file, or the names in a folder, durable. Throws `DatabaseError`.
func synchronizeFile(_ path: String) throws {
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Stores.DatabaseError.failed(path) }
    defer { Foundation.close(descriptor) }
    guard fsync(descriptor) == 0 else { throw Stores.DatabaseError.failed(path) }
}

extension Stores.DatabaseError {
    /// The failure of the system call before, on `path`.
    static func failed(_ path: String) -> Stores.DatabaseError {
        let text = "\(path): \(String(cString: strerror(errno)))"
        return errno == ENOSPC || errno == EDQUOT ? .full(text) : .other(text)
    }
}
