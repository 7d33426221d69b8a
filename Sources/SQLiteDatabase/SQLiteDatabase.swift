import GRDB
import NIOPosix
import Stores

/// `Database` over one SQLite file in WAL mode.
///
/// All of SQLite runs on threads of this database's own, through GRDB's synchronous calls only: mixed with its
/// asynchronous ones they deadlock. Reads that wait together share a snapshot, writes that wait together share a
/// transaction and so one fsync. A call that has begun runs to its end, whether or not its task is cancelled.
package final class SQLiteDatabase: Stores.Database {
    let pool: DatabasePool
    private let clock: any WallClock
    private let threads: NIOThreadPool
    private let reads = JobQueue<ReadJob>(drains: SQLiteSettings.readers, batch: 16)
    private let writes = JobQueue<WriteJob>(drains: 1, batch: 256)

    /// Opens the database at `path`, creating it when absent, and applies the migrations that it lacks; before they change
    /// existing data, a copy is made beside it. Blocks. Throws `SchemaError`, `DatabaseError`.
    package init(path: String, migrations: [Migration], clock: any WallClock = SystemClock()) throws {
        self.clock = clock
        pool = try translatingErrors {
            let pool = try SQLiteSettings.open(path)
            try pool.writeWithoutTransaction { connection in
                try connection.migrate(migrations, at: clock.now)
                try SQLiteSettings.verify(connection)
            }
            return pool
        }
        threads = NIOThreadPool(numberOfThreads: SQLiteSettings.readers + 1)
        threads.start()
    }

    deinit {
        threads.shutdownGracefully { _ in }
    }

    package func read<Value: Sendable>(_ body: @escaping @Sendable (any ReadTransaction) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let job = ReadJob { transaction in
                continuation.resume(with: transaction.flatMap { transaction in Result { try body(transaction) } })
            }
            switch reads.add(job) {
            case .waits: break
            case .startsDrain: threads.submit { _ in self.drainReads() }
            case .closed: continuation.resume(throwing: Self.closed)
            }
        }
    }

    @discardableResult
    package func write<Value: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            switch writes.add(WriteJob(body, answering: continuation)) {
            case .waits: break
            case .startsDrain: threads.submit { _ in self.drainWrites() }
            case .closed: continuation.resume(throwing: Self.closed)
            }
        }
    }

    /// Waits for what was asked for, brings the log into the main file, and closes it. Later calls fail.
    package func close() async throws {
        await reads.close()
        await writes.close()
        let pool = pool
        try await threads.runIfActive {
            try translatingErrors {
                try pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
                try pool.close()
            }
        }
        try await threads.shutdownGracefully()
    }

    private static let closed = Stores.DatabaseError.other("the database is closed")

    private func drainReads() {
        while var jobs = reads.take() {
            do {
                try pool.read { database in
                    let transaction = SQLiteTransaction(database: database, now: clock.now)
                    while let job = jobs.popFirst() { job.run(.success(transaction)) }
                }
            } catch {
                while let job = jobs.popFirst() { job.run(.failure(translated(error))) }
            }
        }
    }

    private func drainWrites() {
        while let jobs = writes.take() {
            pool.writeWithoutTransaction { $0.commit(jobs, clock: clock) }
        }
    }
}

/// A read that waits: runs its body in the transaction, or tells its caller why there is none.
private struct ReadJob: Sendable {
    let run: @Sendable (Result<SQLiteTransaction, any Error>) -> Void
}
