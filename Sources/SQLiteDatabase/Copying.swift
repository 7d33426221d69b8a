import Foundation
import GRDB
import NIOPosix
import Stores

extension SQLiteDatabase {
    /// Removes the file at `path` and what SQLite keeps beside it: the log that a killed process left would be taken for that of another database at
    /// the same path. Nothing need be there. Throws `DatabaseError`.
    package static func remove(at path: String) throws {
        for file in ["-wal", "-shm", "-journal", ""].map({ path + $0 }) where unlink(file) != 0 && errno != ENOENT {
            throw Stores.DatabaseError.failed(file)
        }
    }

    /// Writes one state of the whole database, compacted, to a new file at `path`, durably; reads and writes go on meanwhile. What is at
    /// `path` already is replaced. Throws `DatabaseError`.
    package func copy(to path: String) async throws {
        let source = pool.path
        try await NIOThreadPool.singleton.runIfActive {
            try translatingErrors {
                try Self.remove(at: path)
                try SQLiteSettings.createPrivately(path)
                // A connection of its own: a copy takes long, and those of the pool are for short transactions.
                let connection = try DatabaseQueue(path: source, configuration: SQLiteSettings.reading)
                try connection.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
                try connection.close()
                try synchronizeFile(path)
            }
        }
    }
}
