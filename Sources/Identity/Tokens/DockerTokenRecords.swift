import AWSCore
import IAM
import Stores

/// A docker token that was issued, as `berth token list` shows it.
package struct IssuedDockerToken: Hashable, Sendable {
    package let id: String
    package let account: String
    /// The ARN that asked, as it then was.
    package let principal: String
    package let accessKeyID: String
    package let region: String
    package let issuedAt: Timestamp
    package let expiresAt: Timestamp
}

/// The SQL of the record of docker tokens. It is for people: a token is good or not whatever stands here.
enum DockerTokenRecords {
    /// Writes a token down, and drops some that have expired.
    static func insert(_ token: IssuedDockerToken, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            "DELETE FROM docker_tokens WHERE id IN (SELECT id FROM docker_tokens WHERE expires_at < \(token.issuedAt) LIMIT 100)")
        try transaction.execute(
            """
            INSERT INTO docker_tokens (id, account, principal, access_key, region, issued_at, expires_at)
            VALUES (\(token.id), \(token.account), \(token.principal), \(token.accessKeyID), \(token.region), \(token.issuedAt), \(token.expiresAt))
            """)
    }

    /// The tokens that have not expired at `now` and were not revoked by their own id, the newest first, at most `limit`.
    static func living(_ now: Timestamp, limit: Int, _ transaction: any ReadTransaction) throws -> [IssuedDockerToken] {
        try transaction.rows(
            """
            SELECT t.id, t.account, t.principal, t.access_key, t.region, t.issued_at, t.expires_at FROM docker_tokens t
            LEFT JOIN revocations r ON r.subject = t.id
            WHERE t.expires_at > \(now) AND r.subject IS NULL ORDER BY t.issued_at DESC, t.id LIMIT \(limit)
            """
        ) { row in
            IssuedDockerToken(
                id: row.text(0), account: row.text(1), principal: row.text(2), accessKeyID: row.text(3), region: row.text(4),
                issuedAt: row.timestamp(5), expiresAt: row.timestamp(6))
        }
    }

    static func exists(_ id: String, _ transaction: any ReadTransaction) throws -> Bool {
        try transaction.first("SELECT id FROM docker_tokens WHERE id = \(id)") { $0.text(0) } != nil
    }
}
