import Foundation
import GRDB
import NIOPosix
import Stores

extension SQLiteDatabase {
    /// Writes one state of the whole database, compacted, to a new file at `path`, durably; reads and writes go on meanwhile. What is at
    /// `path` already is replaced. Throws `DatabaseError`.
    package func copy(to path: String) async throws {
        let source = pool.path
        try await NIOThreadPool.singleton.runIfActive {
            try translatingErrors {
                if unlink(path) != 0, errno != ENOENT { throw Stores.DatabaseError.failed(path) }
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
