import AWSCore
import IAM
import Stores

/// What an operator takes back: all that was issued up to now, to one of these.
package enum RevocationSubject: Hashable, Sendable {
    /// A docker token, by the id that `berth token list` shows.
    case token(String)
    /// The docker tokens of an access key, and of a temporary one its session; a long-lived key itself stays good.
    case accessKey(String)
    /// The docker tokens and sessions of a user, a role or an account's root, by ARN.
    case principal(ARN)
}

extension DockerTokens {
    /// The tokens that are not expired, the newest first, at most `limit`.
    package func list(limit: Int) async throws -> [IssuedDockerToken] {
        let now = clock.now
        return try await database.read { try DockerTokenRecords.living(now, limit: limit, $0) }
    }

    /// Takes back what was issued to `subject`; holds from the next request on. False when there is no such token or principal.
    package func revoke(_ subject: RevocationSubject) async throws -> Bool {
        let now = clock.now
        return try await database.write { transaction in
            let id: String
            switch subject {
            case .token(let token):
                guard try DockerTokenRecords.exists(token, transaction) else { return false }
                id = token
            case .accessKey(let key): id = key
            case .principal(let arn):
                guard let found = try PrincipalRecords.id(of: arn, transaction) else { return false }
                id = found
            }
            try Revocations.revoke(id, now: now, transaction)
            return true
        }
    }
}
