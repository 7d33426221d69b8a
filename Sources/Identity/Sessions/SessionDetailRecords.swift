import Crypto
import Foundation
import Stores

/// The SQL of session details that are too long for a token.
enum SessionDetailRecords {
    /// Keeps `text` until `expiresAt`, or longer when another session of the same details asked for it; drops some that are over.
    static func keep(_ hash: String, _ text: String, until expiresAt: Timestamp, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            DELETE FROM session_details WHERE hash IN (SELECT hash FROM session_details WHERE expires_at < \(transaction.now) LIMIT 100)
            """)
        try transaction.execute(
            """
            INSERT INTO session_details (hash, details, expires_at) VALUES (\(hash), \(text), \(expiresAt))
            ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at WHERE session_details.expires_at < excluded.expires_at
            """)
    }

    static func find(_ hash: String, _ transaction: any ReadTransaction) throws -> SessionDetails? {
        try transaction.first("SELECT details FROM session_details WHERE hash = \(hash)") { row in
            try JSONDecoder().decode(SessionDetails.self, from: Data(row.text(0).utf8))
        }
    }
}
