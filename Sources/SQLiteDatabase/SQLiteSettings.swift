import CWriteAheadLog
import Foundation
import GRDB
import Stores

/// How SQLite is set, and the proof that it is.
enum SQLiteSettings {
    /// Opens or creates the file at `path`, which only its owner may read.
    static func open(_ path: String) throws -> DatabasePool {
        try createPrivately(path)
        let code = write_logs_at_once()
        guard code == 0 else { throw Stores.DatabaseError.other("SQLite does not take another way of writing its log: code \(code)") }
        let pool = try DatabasePool(path: path, configuration: common)
        try pool.writeWithoutTransaction { connection in
            // DatabasePool sets NORMAL while it opens, which would not sync before an answer.
            try connection.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 4000")
        }
        return pool
    }

    /// What holds of every connection.
    private static var common: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { connection in
            try connection.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 268435456; PRAGMA temp_store = MEMORY")
        }
        return configuration
    }

    /// A connection that only reads.
    static var reading: Configuration {
        var configuration = common
        configuration.readonly = true
        // SQLite gives a mapping back and makes it anew after each commit, which takes longer than to read the few pages that a query needs.
        configuration.prepareDatabase { connection in try connection.execute(sql: "PRAGMA mmap_size = 0") }
        return configuration
    }

    /// Nothing of a transaction is in the log before it is committed. When a part of one is undone that was written to the log already, SQLite 3.40 (Debian 12's)
    /// leaves checksums there that are wrong, and after a crash neither this transaction nor any later one of the log is found
    /// (`docs/decisions/0028-no-transaction-is-written-before-its-commit.md`).
    static func keepTransactionsInMemory(_ connection: GRDB.Database) throws {
        try connection.execute(sql: "PRAGMA cache_spill = OFF")
    }

    /// What every promise of durability and integrity rests on. Throws `DatabaseError.other` where a setting did not hold.
    static func verify(_ connection: GRDB.Database) throws {
        let required = [
            "journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "trusted_schema": "0", "busy_timeout": "5000", "cache_spill": "0",
        ]
        for (setting, value) in required {
            let found = try String.fetchOne(connection, sql: "PRAGMA \(setting)")
            guard found == value else {
                throw Stores.DatabaseError.other("SQLite has \(setting) = \(found ?? "nothing") where \(value) was set")
            }
        }
    }

    /// SQLite gives its log and shared memory the permissions of the main file.
    static func createPrivately(_ path: String) throws {
        let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Stores.DatabaseError.failed(path) }
        close(descriptor)
    }
}
