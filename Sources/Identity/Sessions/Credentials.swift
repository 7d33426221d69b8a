import AWSCore
import IAM
import Stores

/// Finds out whose an access key is: a long-lived one of the database, or a temporary one of its session token.
package struct Credentials: Sendable {
    private struct Known: Sendable {
        let changes: Int64
        let record: AccessKeyRecord?
        let principal: ProvenPrincipal?
    }

    let accessKeys: AccessKeys
    package let sessions: Sessions
    private let clock: any WallClock
    private let known = BoundedCache<String, Known>(capacity: 4096)

    init(accessKeys: AccessKeys, sessions: Sessions, clock: any WallClock) {
        self.accessKeys = accessKeys
        self.sessions = sessions
        self.clock = clock
    }

    /// Who signs for `region` with the key `id` that came with `sessionToken`. Throws `SealError` when the root key is not the
    /// one that sealed the secret.
    package func signer(_ id: String, sessionToken: String?, region: Region) async throws -> Signer {
        guard let sessionToken else { return try await longLived(id, region) }
        guard let opened = try await sessions.open(sessionToken), opened.session.accessKeyID == id else { return .unknown }
        guard clock.now.milliseconds < opened.session.expiresAt else { return .expired }
        guard let principal = try await principal(of: opened.session) else { return .unknown }
        return .known(secret: opened.secret, principal.caller(accessKeyID: id, region: region))
    }

    /// The account of an access key, whether it may still sign or not; nil when it is not known. A temporary key's account is
    /// part of its id.
    package func account(ofKey id: String) async throws -> AccountID? {
        if id.hasPrefix("ASIA") { return TemporaryKeyID.account(of: id) }
        return try await accessKeys.database.read { try AccessKeyRecords.find(id, $0) }.flatMap { AccountID($0.account) }
    }

    private func longLived(_ id: String, _ region: Region) async throws -> Signer {
        let earlier = known[id]
        let found = try await accessKeys.database.read { transaction -> Known in
            let changes = try AuthorizationChanges.count(transaction)
            if let earlier, earlier.changes == changes { return earlier }
            let record = try AccessKeyRecords.find(id, transaction)
            let principal = try record.flatMap { record in
                try AccountID(record.account).flatMap { try PrincipalRecords.find(record.principal, account: $0, transaction) }
            }
            return Known(changes: changes, record: record, principal: principal)
        }
        guard let record = found.record, record.isActive, let principal = found.principal else { return .unknown }
        known[id] = found
        return .known(secret: try accessKeys.secret(of: record), principal.caller(accessKeyID: id, region: region))
    }

    /// The principal of a session that is not revoked; nil when it is, or its role or user is gone.
    private func principal(of session: Session) async throws -> ProvenPrincipal? {
        // Ids of temporary keys are not long enough to rule out two of the same.
        let key = session.accessKeyID + Base64URL.encode(session.salt)
        let earlier = known[key]
        let found = try await accessKeys.database.read { transaction -> Known in
            let changes = try AuthorizationChanges.count(transaction)
            if let earlier, earlier.changes == changes { return earlier }
            let isRevoked = try Revocations.areRevoked([session.accessKeyID, session.principal], issuedAt: session.issuedAt, transaction)
            return Known(changes: changes, record: nil, principal: isRevoked ? nil : try PrincipalRecords.find(session, transaction))
        }
        known[key] = found
        return found.principal
    }
}
