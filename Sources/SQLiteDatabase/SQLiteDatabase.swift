import GRDB
import NIOPosix
import Stores

/// `Database` over one SQLite file in WAL mode.
///
/// SQLite is used through GRDB's synchronous calls only: mixed with its asynchronous ones they deadlock. A read runs on the
/// thread that asks for it, since it takes less than a change of threads (`docs/decisions/0008-reads-stay-on-their-thread.md`);
/// writes have a thread of their own, where those that wait together share a transaction and so one fsync. A call that has
/// begun runs to its end, whether or not its task is cancelled.
package final class SQLiteDatabase: Stores.Database {
    let pool: DatabasePool
    private let clock: any WallClock
    private let threads: NIOThreadPool
    private let readers: Readers
    private let writes = JobQueue<WriteJob>(batch: 256)
    private let commits = CommitCounts()
    private let reserve: SpaceReserve?

    /// Opens the database at `path`, creating it when absent, and applies the migrations that it lacks; before they change
    /// existing data, a copy is made beside it. `reserve` bytes of the device are kept for `writeFreeing`. Blocks. Throws `SchemaError`,
    /// `DatabaseError`.
    package init(path: String, migrations: [Migration], clock: any WallClock = SystemClock(), reserve bytes: Int = 0) throws {
        self.clock = clock
        reserve = bytes > 0 ? SpaceReserve(path: path + ".reserve", size: bytes) : nil
        pool = try translatingErrors {
            let pool = try SQLiteSettings.open(path)
            try pool.writeWithoutTransaction { connection in
                try connection.migrate(migrations, at: clock.now)
                try SQLiteSettings.keepTransactionsInMemory(connection)
                try SQLiteSettings.verify(connection)
            }
            return pool
        }
        readers = Readers(path: path, configuration: SQLiteSettings.reading)
        threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
    }

    deinit {
        threads.shutdownGracefully { _ in }
    }

    /// This process alone writes to the file (`FolderLock`), so its own commits are all there are.
    package var version: UInt64? { commits.all.settled }

    package var authorizationVersion: UInt64? { commits.authorizing.settled }

    package func read<Value: Sendable>(_ body: @escaping @Sendable (any ReadTransaction) throws -> Value) async throws -> Value {
        try readHere(body)
    }

    /// GRDB has a synchronous and an asynchronous form of everything; this function is not asynchronous to get the former.
    private func readHere<Value>(_ body: (any ReadTransaction) throws -> Value) throws -> Value {
        var result: Result<Value, any Error>?
        try translatingErrors {
            try readers.read { connection in
                // Cached statements: GRDB's own transaction is parsed anew each time.
                try connection.cachedStatement(sql: "BEGIN").execute()
                result = Result { try body(SQLiteTransaction(database: connection, now: clock.now, effects: nil)) }
                try connection.cachedStatement(sql: "COMMIT").execute()
            }
        }
        guard let result else { throw Self.closed }
        return try result.get()
    }

    @discardableResult
    package func write<Value: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Value) async throws -> Value {
        if let reserve, !reserve.permitsWriting() { throw Stores.DatabaseError.full("what is left of the device is kept for deletions") }
        return try await enqueue(body)
    }

    @discardableResult
    package func writeFreeing<Value: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Value) async throws -> Value {
        try await free(isAside: false, body)
    }

    @discardableResult
    package func writeAside<Value: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Value) async throws -> Value {
        try await free(isAside: true, body)
    }

    private func free<Value: Sendable>(
        isAside: Bool, _ body: @escaping @Sendable (any WriteTransaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await enqueue(isAside: isAside, body)
        } catch Stores.DatabaseError.full where reserve?.giveUp() == true {
            return try await enqueue(isAside: isAside, body)
        }
    }

    private func enqueue<Value: Sendable>(
        isAside: Bool = false, _ body: @escaping @Sendable (any WriteTransaction) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            switch writes.add(WriteJob(isAside: isAside, body, answering: continuation)) {
            case .waits: break
            case .startsDrain: threads.submit { _ in self.drainWrites() }
            case .closed: continuation.resume(throwing: Self.closed)
            }
        }
    }

    /// Waits for what was asked for, brings the log into the main file, and closes it. Later calls fail.
    package func close() async throws {
        await writes.close()
        let (pool, readers) = (pool, readers)
        try await threads.runIfActive {
            try translatingErrors {
                try readers.close()
                try pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
                try pool.close()
            }
        }
        try await threads.shutdownGracefully()
    }

    static let closed = Stores.DatabaseError.other("the database is closed")

    private func drainWrites() {
        while let jobs = writes.take() {
            pool.writeWithoutTransaction { $0.commit(jobs, clock: clock, counting: commits) }
        }
    }
}
