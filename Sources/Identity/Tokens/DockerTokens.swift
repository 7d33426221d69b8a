import AWSCore
import IAM
import Stores

/// A docker password of GetAuthorizationToken.
package struct DockerToken: Sendable {
    /// The password of user `AWS`: opaque, without `:`, below 2,500 bytes.
    package let password: String
    package let expiresAt: Timestamp
}

/// Why a docker password is refused.
package enum TokenRefusal: Error, Hashable {
    /// Not a token of this installation, altered, revoked, or its access key or principal is gone.
    case invalid
    case expired
}

/// Issues and checks the passwords of the docker side. They name a principal, its session and a region, no rights; they
/// survive a restart, and die with the access key, the session's role or the user that asked for them.
package struct DockerTokens: Sendable {
    /// Of a token whose session does not end sooner.
    static let lifetime = Duration.seconds(12 * 3600)

    private struct Known: Sendable {
        let caller: Caller
        /// In milliseconds since 1970.
        let expiresAt: Int64
    }

    let database: any Database
    let clock: any WallClock
    let ids: any IDSource
    private let sessions: Sessions
    private let outlivesSession: Bool
    private let seal: TokenSeal
    /// What was unsealed before, by password: a known token costs no more cryptography.
    private let unsealed = BoundedCache<String, DockerTokenContents>(capacity: 4096)
    /// Whom it stood for, while nothing changes that this rests on.
    private let known = CurrentFacts<String, Known?>(capacity: 4096)

    /// Passwords of one `purpose` are no good for another.
    init(sessions: Sessions, keys: TokenKeys, purpose: String, outlivesSession: Bool) {
        database = sessions.database
        clock = sessions.clock
        ids = sessions.ids
        self.sessions = sessions
        self.outlivesSession = outlivesSession
        seal = TokenSeal(keys: keys, purpose: purpose)
    }

    /// A token for `caller`, whose access key must not be nil.
    package func issue(to caller: Caller) async throws -> DockerToken {
        guard let accessKeyID = caller.accessKeyID else { throw TokenRefusal.invalid }
        let now = clock.now
        let sessionEnd = caller.session.map { Timestamp(milliseconds: $0.expiresAt) }
        let expiresAt = outlivesSession ? now + Self.lifetime : min(now + Self.lifetime, sessionEnd ?? now + Self.lifetime)
        let contents = DockerTokenContents(
            // Letters and digits alone: to `berth token revoke` an id of base64url that begins with `-` is an option.
            id: UniqueID.make("", count: 20, ids), account: caller.account.description, principal: caller.principalID,
            session: try await sessions.session(of: caller, keptUntil: expiresAt), accessKeyID: accessKeyID, region: caller.region.description,
            issuedAt: now.milliseconds, expiresAt: expiresAt.milliseconds)
        let password = try seal.seal(contents, with: try await seal.keys.current())
        let record = IssuedDockerToken(
            id: contents.id, account: contents.account, principal: caller.arn, accessKeyID: accessKeyID, region: contents.region, issuedAt: now,
            expiresAt: expiresAt)
        try await database.write { try DockerTokenRecords.insert(record, $0) }
        return DockerToken(password: password, expiresAt: expiresAt)
    }

    /// Who `password` stands for. Throws `TokenRefusal`.
    package func caller(for password: String) async throws -> Caller {
        if let found = try await known.remembered(for: password, in: database) { return try caller(found) }
        // No token is longer.
        guard password.utf8.count < 2500 else { throw TokenRefusal.invalid }
        let contents = try await contents(of: password)
        guard let region = Region(contents.region) else { throw TokenRefusal.invalid }
        guard clock.now.milliseconds < contents.expiresAt else { throw TokenRefusal.expired }
        return try caller(
            try await known.value(for: password, in: database, where: { _ in true }) { transaction in
                try contents.principal(transaction).map {
                    Known(caller: $0.caller(accessKeyID: contents.accessKeyID, region: region), expiresAt: contents.expiresAt)
                }
            })
    }

    private func caller(_ known: Known?) throws -> Caller {
        guard let known else { throw TokenRefusal.invalid }
        guard clock.now.milliseconds < known.expiresAt else { throw TokenRefusal.expired }
        return known.caller
    }

    private func contents(of password: String) async throws -> DockerTokenContents {
        if let known = unsealed[password] { return known }
        guard let found = try await seal.open(password, as: DockerTokenContents.self) else { throw TokenRefusal.invalid }
        unsealed[password] = found.contents
        return found.contents
    }
}
