import GRDB
import Stores

/// `error` in the terms of the seam, where it is SQLite's; else as it is.
func translated(_ error: any Error) -> any Error {
    guard let error = error as? GRDB.DatabaseError else { return error }
    let text = error.description
    switch error.extendedResultCode {
    case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID: return Stores.DatabaseError.uniqueViolation(text)
    case .SQLITE_CONSTRAINT_FOREIGNKEY: return Stores.DatabaseError.foreignKeyViolation(text)
    default: break
    }
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: return Stores.DatabaseError.retryable(text)
    case .SQLITE_FULL: return Stores.DatabaseError.full(text)
    default: return Stores.DatabaseError.other(text)
    }
}

/// Runs `body`; SQLite's errors come out as `Stores.DatabaseError`.
func translatingErrors<Value: ~Copyable>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch {
        throw translated(error)
    }
}
