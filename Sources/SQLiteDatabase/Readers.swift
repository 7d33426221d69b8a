import GRDB
import Synchronization

/// Connections for reading, each used by one thread at a time.
///
/// GRDB's own pool passes every read through two queues that all threads share; under load they wait for each other longer
/// than for SQLite. Here a read takes whatever connection is free, the last used one first, and makes one when none is.
final class Readers: Sendable {
    private struct State {
        var idle: [DatabaseQueue] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let path: String
    private let configuration: Configuration

    /// Reads the file at `path`, which is in WAL mode and stays open elsewhere for as long.
    init(path: String, configuration: Configuration) {
        self.path = path
        self.configuration = configuration
    }

    /// Runs `body`, which begins and ends its own transaction. Throws when closed, or what `body` throws.
    func read<Value>(_ body: (GRDB.Database) throws -> Value) throws -> Value {
        let (idle, isClosed) = state.withLock { ($0.idle.popLast(), $0.isClosed) }
        guard !isClosed else { throw SQLiteDatabase.closed }
        let reader = try idle ?? DatabaseQueue(path: path, configuration: configuration)
        let value = try reader.unsafeRead(body)
        // After an error it may be left inside a transaction, and is closed by its last reference instead.
        giveBack(reader)
        return value
    }

    /// Closes the connections; those in use when they are given back.
    func close() throws {
        let idle = state.withLock { state in
            defer { state = State(idle: [], isClosed: true) }
            return state.idle
        }
        for reader in idle { try reader.close() }
    }

    private func giveBack(_ reader: DatabaseQueue) {
        // One that comes back after the end is closed by its last reference.
        state.withLock { if !$0.isClosed { $0.idle.append(reader) } }
    }
}
