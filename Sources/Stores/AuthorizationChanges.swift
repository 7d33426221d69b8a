/// The count of changes to what authorization rests on: keys, principals, policies, tags, revocations, in every module.
///
/// Whoever changes any of it calls `advance` in the same transaction. What was remembered at one count is good while the
/// count is the same, so a change holds from the next request on, in every process on this database.
package enum AuthorizationChanges {
    package static let migrations = [
        Migration(
            number: 900, name: "authorization changes",
            statements: """
                CREATE TABLE authorization_changes (id INTEGER NOT NULL PRIMARY KEY, count BIGINT NOT NULL);
                INSERT INTO authorization_changes (id, count) VALUES (1, 0);
                """)
    ]

    /// The count, for who asks often: `database` is read only after it changed.
    package static func remembered() -> ReadCache<Bool, Int64> { ReadCache(capacity: 1) { $0.authorizationVersion } }

    /// The count at this transaction's snapshot.
    package static func count(_ transaction: any ReadTransaction) throws -> Int64 {
        try transaction.first("SELECT count FROM authorization_changes WHERE id = 1") { $0.integer(0) } ?? 0
    }

    /// Says that this transaction changes what some authorization rests on.
    package static func advance(_ transaction: any WriteTransaction) throws {
        transaction.changesAuthorization()
        try transaction.execute("UPDATE authorization_changes SET count = count + 1 WHERE id = 1")
    }
}
