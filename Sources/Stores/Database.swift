/// The metadata store: transactions over one set of portable SQL (`docs/storage-layout.md`).
///
/// Where the bodies run is the adapter's to say; they must be short, must not block on anything else, and may run again
/// from the start after a retryable conflict, so they have no other effect than their SQL.
package protocol Database: Sendable {
    /// A number that stays the same only while nothing is committed but by `writeAside`; nil where that takes a look at the database itself, and
    /// while a commit is under way. What was read between two equal numbers is what would be read now, but for what `writeAside` changed.
    var version: UInt64? { get }

    /// As `version`, but it also stays the same while nothing is committed that called `AuthorizationChanges.advance`.
    var authorizationVersion: UInt64? { get }

    /// Runs `body` on one consistent snapshot. Throws `DatabaseError`, or what `body` throws.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any ReadTransaction) throws -> Value) async throws -> Value

    /// Runs `body` in one transaction and returns when it is durable; whatever it throws rolls all of it back.
    @discardableResult
    func write<Value: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Value) async throws -> Value

    /// As `write`, for what gives space back: on a full device it may have room that nothing else can use.
    @discardableResult
    func writeFreeing<Value: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Value) async throws -> Value

    /// As `writeFreeing`, for what is never remembered by `version`, as the queues of the background work, or what its remembering caches are told of
    /// right after (`ReadCache.forget`).
    @discardableResult
    func writeAside<Value: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Value) async throws -> Value
}

extension Database {
    package var version: UInt64? { nil }

    package var authorizationVersion: UInt64? { version }

    @discardableResult
    package func writeFreeing<Value: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Value) async throws -> Value {
        try await write(body)
    }

    @discardableResult
    package func writeAside<Value: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Value) async throws -> Value {
        try await writeFreeing(body)
    }
}

/// What can be done inside `Database.read`.
package protocol ReadTransaction {
    /// The moment of this transaction by the database's clock; leases and expiries compare with no other.
    var now: Timestamp { get }

    /// All rows of a query, each turned into a value while the row is current.
    func rows<Value>(_ sql: SQL, _ row: (any Row) throws -> Value) throws -> [Value]

    /// The first row of a query; nil when there is none.
    func first<Value>(_ sql: SQL, _ row: (any Row) throws -> Value) throws -> Value?
}

/// What can be done inside `Database.write`.
package protocol WriteTransaction: ReadTransaction {
    /// Runs a statement; returns the number of rows that it changed. Throws `DatabaseError`.
    @discardableResult
    func execute(_ sql: SQL) throws -> Int

    /// Says that the commit changes `Database.authorizationVersion`; for `AuthorizationChanges`.
    func changesAuthorization()

    /// Runs `body`; a `DatabaseError` in it undoes only what it did, and the transaction can go on.
    func savepoint<Value>(_ body: () throws -> Value) throws -> Value
}

/// One row of a result; columns by position from 0. A column of another type than asked for is an error of the program.
package protocol Row {
    func isNull(_ column: Int) -> Bool
    func integer(_ column: Int) -> Int64
    func text(_ column: Int) -> String
    func bytes(_ column: Int) -> [UInt8]
}

extension Row {
    package func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }
    package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    package func optionalBytes(_ column: Int) -> [UInt8]? { isNull(column) ? nil : bytes(column) }
    package func bool(_ column: Int) -> Bool { integer(column) != 0 }
    package func timestamp(_ column: Int) -> Timestamp { Timestamp(milliseconds: integer(column)) }
    package func optionalTimestamp(_ column: Int) -> Timestamp? { optionalInteger(column).map(Timestamp.init(milliseconds:)) }
}

/// Why a statement failed, in the terms that rules decide on.
package enum DatabaseError: Error, Hashable {
    /// A unique constraint or primary key was hit.
    case uniqueViolation(String)
    /// A foreign key was missing, or is still referred to.
    case foreignKeyViolation(String)
    /// Lost a race; the same transaction may succeed when run again.
    case retryable(String)
    /// The device or the quota is full.
    case full(String)
    /// Anything else, with the engine's text for the log.
    case other(String)
}
