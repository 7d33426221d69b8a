import GRDB
import GRDBSQLite
import Stores

/// A prepared statement and its values, for one run. It is stepped here and not by GRDB, whose rows are made anew with the names of their columns
/// for each query, which takes longer than most of the queries.
struct BoundStatement: ~Copyable {
    private let database: GRDB.Database
    // Keeps what `pointer` points to.
    private let prepared: Statement
    private let pointer: OpaquePointer

    private init(_ prepared: Statement, in database: GRDB.Database) {
        self.database = database
        self.prepared = prepared
        pointer = prepared.sqliteStatement
    }

    /// Prepares `sql`, or takes it from the cache of `database`, and binds its values.
    static func make(_ sql: Stores.SQL, in database: GRDB.Database) throws -> BoundStatement {
        let statement = BoundStatement(try database.cachedStatement(sql: SQLDialect.sqlite.text(of: sql)), in: database)
        try statement.bind(sql.values)
        return statement
    }

    private func bind(_ values: [SQLValue]) throws {
        guard sqlite3_bind_parameter_count(pointer) == values.count else {
            throw GRDB.DatabaseError(resultCode: .SQLITE_MISUSE, message: "wrong number of values", sql: prepared.sql)
        }
        for (index, value) in values.enumerated() { try check(value.bind(to: pointer, at: CInt(index + 1))) }
    }

    deinit {
        // What it returns is the error of the last step, which was thrown there.
        _ = sqlite3_reset(pointer)
        _ = sqlite3_clear_bindings(pointer)
    }

    /// True when it can change nothing.
    var isReadonly: Bool { sqlite3_stmt_readonly(pointer) != 0 }

    /// The row that the last step came to.
    var row: SQLiteRow { SQLiteRow(statement: pointer) }

    /// Goes on to the next row; false when there is none.
    func step() throws -> Bool {
        switch sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            try check(code)
            return false
        }
    }

    private func check(_ code: CInt) throws {
        guard code != SQLITE_OK else { return }
        let connection = database.sqliteConnection
        throw GRDB.DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)), message: String(cString: sqlite3_errmsg(connection)),
            sql: prepared.sql)
    }
}

/// The row that a statement stands on, until its next step.
struct SQLiteRow: Stores.Row {
    let statement: OpaquePointer

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(statement, CInt(column)) == SQLITE_NULL }

    func integer(_ column: Int) -> Int64 {
        precondition(!isNull(column), "column \(column) is NULL")
        return sqlite3_column_int64(statement, CInt(column))
    }

    func text(_ column: Int) -> String {
        precondition(!isNull(column), "column \(column) is NULL")
        // First the text, since its size is that of what was asked for last.
        let text = sqlite3_column_text(statement, CInt(column))
        return String(decoding: UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, CInt(column)))), as: UTF8.self)
    }

    func bytes(_ column: Int) -> [UInt8] {
        precondition(!isNull(column), "column \(column) is NULL")
        let bytes = sqlite3_column_blob(statement, CInt(column))
        return [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, CInt(column)))))
    }
}

/// Makes SQLite copy what is bound: the value's own memory need not last (https://www.sqlite.org/c3ref/c_static.html).
private var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

extension SQLValue {
    fileprivate func bind(to statement: OpaquePointer, at index: CInt) -> CInt {
        switch self {
        case .null: return sqlite3_bind_null(statement, index)
        case .integer(let integer): return sqlite3_bind_int64(statement, index, integer)
        case .text(""): return sqlite3_bind_text(statement, index, "", 0, copied)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { sqlite3_bind_text(statement, index, $0.baseAddress, CInt($0.count), copied) }
            }
        case .bytes(let bytes):
            // Of no bytes there is no address, and without one it would be NULL.
            if bytes.isEmpty { return sqlite3_bind_zeroblob(statement, index, 0) }
            return bytes.withUnsafeBytes { sqlite3_bind_blob(statement, index, $0.baseAddress, CInt($0.count), copied) }
        }
    }
}
