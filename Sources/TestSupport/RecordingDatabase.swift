import Stores
import Synchronization

/// A database that keeps every distinct statement that runs on it.
package final class RecordingDatabase: Database {
    private let base: any Database
    private let recorded: Recorded

    package init(_ base: any Database) {
        self.base = base
        recorded = Recorded()
    }

    /// The statements so far, one for each text, in the order of their first run; the values are those of that run.
    package var statements: [SQL] { recorded.all }

    /// How many statements have run so far, the same ones counted each time.
    package var runs: Int { recorded.runs }

    package var version: UInt64? { base.version }
    package var authorizationVersion: UInt64? { base.authorizationVersion }

    package func read<Value: Sendable>(_ body: @escaping @Sendable (any ReadTransaction) throws -> Value) async throws -> Value {
        let recorded = recorded
        return try await base.read { try body(RecordingRead(reading: $0, recorded: recorded)) }
    }

    @discardableResult
    package func write<Value: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Value) async throws -> Value {
        let recorded = recorded
        return try await base.write { try body(RecordingWrite(base: $0, recorded: recorded)) }
    }

    @discardableResult
    package func writeFreeing<Value: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Value) async throws -> Value {
        let recorded = recorded
        return try await base.writeFreeing { try body(RecordingWrite(base: $0, recorded: recorded)) }
    }

    @discardableResult
    package func writeAside<Value: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Value) async throws -> Value {
        let recorded = recorded
        return try await base.writeAside { try body(RecordingWrite(base: $0, recorded: recorded)) }
    }
}

private final class Recorded: Sendable {
    private let statements = Mutex<(texts: Set<String>, all: [SQL], runs: Int)>(([], [], 0))

    var all: [SQL] { statements.withLock { $0.all } }
    var runs: Int { statements.withLock { $0.runs } }

    func add(_ sql: SQL) {
        statements.withLock { statements in
            statements.runs += 1
            if statements.texts.insert(sql.text { "$\($0)" }).inserted { statements.all.append(sql) }
        }
    }
}

/// What reading and writing have in common.
private protocol Recording: ReadTransaction {
    var reading: any ReadTransaction { get }
    var recorded: Recorded { get }
}

extension Recording {
    var now: Timestamp { reading.now }

    func rows<Value>(_ sql: SQL, _ row: (any Row) throws -> Value) throws -> [Value] {
        recorded.add(sql)
        return try reading.rows(sql, row)
    }

    func first<Value>(_ sql: SQL, _ row: (any Row) throws -> Value) throws -> Value? {
        recorded.add(sql)
        return try reading.first(sql, row)
    }
}

private struct RecordingRead: Recording {
    let reading: any ReadTransaction
    let recorded: Recorded
}

private struct RecordingWrite: Recording, WriteTransaction {
    let base: any WriteTransaction
    let recorded: Recorded

    var reading: any ReadTransaction { base }

    func execute(_ sql: SQL) throws -> Int {
        recorded.add(sql)
        return try base.execute(sql)
    }

    func changesAuthorization() { base.changesAuthorization() }

    func savepoint<Value>(_ body: () throws -> Value) throws -> Value { try base.savepoint(body) }
}
