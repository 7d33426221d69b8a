import Stores

/// What was taken back before its time: everything of a subject that was issued up to a moment. Subjects are docker tokens and
/// access keys by id, and principals by unique id.
enum Revocations {
    /// Nothing lives longer than this, so an older revocation has no more work to do.
    private static let retention = Sessions.longestLife + .seconds(3600)

    /// Takes back all that was issued to `subject` up to now.
    static func revoke(_ subject: String, now: Timestamp, _ transaction: any WriteTransaction) throws {
        try transaction.execute("DELETE FROM revocations WHERE not_after < \(now - retention)")
        try transaction.execute(
            """
            INSERT INTO revocations (subject, not_after) VALUES (\(subject), \(now))
            ON CONFLICT (subject) DO UPDATE SET not_after = excluded.not_after
            """)
        try AuthorizationChanges.advance(transaction)
    }

    /// True when one of `subjects` was taken back since `issuedAt`, in milliseconds since 1970.
    static func areRevoked(_ subjects: [String], issuedAt: Int64, _ transaction: any ReadTransaction) throws -> Bool {
        let found = try transaction.first(
            "SELECT subject FROM revocations WHERE subject IN \(list: subjects) AND not_after >= \(issuedAt) LIMIT 1"
        ) { $0.text(0) }
        return found != nil
    }
}
