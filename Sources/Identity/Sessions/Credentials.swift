import AWSCore
import IAM
import Stores

/// Finds out whose an access key is: a long-lived one of the database, or a temporary one of its session token.
package struct Credentials: Sendable {
    private struct LongLived: Sendable {
        let record: AccessKeyRecord
        let principal: ProvenPrincipal
    }

    let accessKeys: AccessKeys
    package let sessions: Sessions
    private let clock: any WallClock
    private let longLived = CurrentFacts<String, LongLived?>(capacity: 4096)
    private let temporary = CurrentFacts<String, ProvenPrincipal?>(capacity: 4096)

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
        let found = try await longLived.value(for: id, in: accessKeys.database, where: { $0 != nil }) { transaction -> LongLived? in
            guard let record = try AccessKeyRecords.find(id, transaction), record.isActive, let account = AccountID(record.account),
                let principal = try PrincipalRecords.find(record.principal, account: account, transaction)
            else { return nil }
            return LongLived(record: record, principal: principal)
        }
        guard let found else { return .unknown }
        return .known(secret: try accessKeys.secret(of: found.record), found.principal.caller(accessKeyID: id, region: region))
    }

    /// The principal of a session that is not revoked; nil when it is, or its role or user is gone.
    private func principal(of session: Session) async throws -> ProvenPrincipal? {
        // Ids of temporary keys are not long enough to rule out two of the same.
        let key = session.accessKeyID + Base64URL.encode(session.salt)
        return try await temporary.value(for: key, in: accessKeys.database, where: { _ in true }) { transaction in
            let isRevoked = try Revocations.areRevoked([session.accessKeyID, session.principal], issuedAt: session.issuedAt, transaction)
            return isRevoked ? nil : try PrincipalRecords.find(session, transaction)
        }
    }
}
