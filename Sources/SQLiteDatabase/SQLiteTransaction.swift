import Foundation
import GRDB
import Stores

/// A transaction, or a job's part of one.
struct SQLiteTransaction: WriteTransaction {
    let database: GRDB.Database
    let now: Timestamp

    func rows<Value>(_ sql: Stores.SQL, _ row: (any Stores.Row) throws -> Value) throws -> [Value] {
        let cursor = try open(sql).cursor
        var values: [Value] = []
        while let next = try translatingErrors({ try cursor.next() }) { values.append(try row(SQLiteRow(row: next))) }
        return values
    }

    func first<Value>(_ sql: Stores.SQL, _ row: (any Stores.Row) throws -> Value) throws -> Value? {
        let (statement, cursor) = try open(sql)
        guard let first = try translatingErrors({ try cursor.next() }) else { return nil }
        let value = try row(SQLiteRow(row: first))
        // SQLite checks the foreign keys of a statement with RETURNING only after its last row.
        if !statement.isReadonly { try translatingErrors { while try cursor.next() != nil {} } }
        return value
    }

    @discardableResult
    func execute(_ sql: Stores.SQL) throws -> Int {
        try translatingErrors {
            try database.cachedStatement(sql: SQLDialect.sqlite.text(of: sql)).execute(arguments: arguments(sql))
            return database.changesCount
        }
    }

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

    private func open(_ sql: Stores.SQL) throws -> (statement: Statement, cursor: RowCursor) {
        try translatingErrors {
            let statement = try database.cachedStatement(sql: SQLDialect.sqlite.text(of: sql))
            return (statement, try GRDB.Row.fetchCursor(statement, arguments: arguments(sql)))
        }
    }

    private func arguments(_ sql: Stores.SQL) -> StatementArguments {
        // GRDB's initialiser for values of one type makes a key path each time, which costs more than the statement.
        StatementArguments(sql.values.map { $0.databaseValue as (any DatabaseValueConvertible)? })
    }
}

/// The row that a cursor stands on.
struct SQLiteRow: Stores.Row {
    let row: GRDB.Row

    func isNull(_ column: Int) -> Bool { row.hasNull(atIndex: column) }
    func integer(_ column: Int) -> Int64 { row[column] }
    func text(_ column: Int) -> String { row[column] }

    func bytes(_ column: Int) -> [UInt8] { [UInt8](row[column] as Data) }
}

extension SQLValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let integer): integer.databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): Data(bytes).databaseValue
        }
    }
}
