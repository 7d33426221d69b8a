import GRDB
import Stores

/// A transaction, or a job's part of one.
struct SQLiteTransaction: WriteTransaction {
    let database: GRDB.Database
    let now: Timestamp
    /// Nil of one that only reads.
    let effects: TransactionEffects?

    func rows<Value>(_ sql: Stores.SQL, _ row: (any Stores.Row) throws -> Value) throws -> [Value] {
        let statement = try translatingErrors { try BoundStatement.make(sql, in: database) }
        var values: [Value] = []
        while try translatingErrors({ try statement.step() }) { values.append(try row(statement.row)) }
        return values
    }

    func first<Value>(_ sql: Stores.SQL, _ row: (any Stores.Row) throws -> Value) throws -> Value? {
        let statement = try translatingErrors { try BoundStatement.make(sql, in: database) }
        guard try translatingErrors({ try statement.step() }) else { return nil }
        let value = try row(statement.row)
        // SQLite checks the foreign keys of a statement with RETURNING only after its last row.
        if !statement.isReadonly { try translatingErrors { while try statement.step() {} } }
        return value
    }

    @discardableResult
    func execute(_ sql: Stores.SQL) throws -> Int {
        try translatingErrors {
            let statement = try BoundStatement.make(sql, in: database)
            while try statement.step() {}
            return database.changesCount
        }
    }

    func changesAuthorization() { effects?.changesAuthorization = true }

    func savepoint<Value>(_ body: () throws -> Value) throws -> Value {
        try execute("SAVEPOINT step")
        do {
            let value = try body()
            try execute("RELEASE step")
            return value
        } catch {
            // Where SQLite gave up the whole transaction there is no savepoint left to return to.
            if database.isInsideTransaction {
                try execute("ROLLBACK TO step")
                try execute("RELEASE step")
            }
            throw error
        }
    }
}
