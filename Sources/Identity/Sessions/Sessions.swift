import AWSCore
import Crypto
import Foundation
import IAM
import Stores

/// Temporary credentials, as STS gives them out.
package struct TemporaryCredentials: Hashable, Sendable {
    /// `ASIA…`
    package let accessKeyID: String
    package let secretAccessKey: String
    package let sessionToken: String
    package let expiresAt: Timestamp
}

/// What is asked of `Sessions.issue`.
package struct SessionRequest: Sendable {
    package let origin: SessionFacts.Origin
    package let account: AccountID
    /// The unique id of the role or user whose rights the session has: the account id for root.
    package let principal: String
    /// The name of a role's session or of a federated user; nil of GetSessionToken.
    package let name: String?
    package let lifetime: Duration
    package var details = SessionDetails()
    package var sourceIdentity: String?
    /// The issuer of a web identity, without scheme.
    package var federatedProvider: String?
    /// True when a session of a role asks.
    package var isChained = false

    package init(origin: SessionFacts.Origin, account: AccountID, principal: String, name: String?, lifetime: Duration) {
        self.origin = origin
        self.account = account
        self.principal = principal
        self.name = name
        self.lifetime = lifetime
    }
}

/// Policies and tags are more than a session can carry.
package struct SessionTooLarge: Error, Hashable {
    /// Of what fits.
    package let percent: Int

    package init(percent: Int) { self.percent = percent }
}

/// Issues temporary credentials and opens their session tokens. Nothing of a session is stored but long policies and tags:
/// the token says everything, and the secret is derived from the key that seals it.
package struct Sessions: Sendable {
    /// Of GetSessionToken, in AWS's model.
    package static let longestLife = Duration.seconds(129_600)
    /// What a token holds of policies and tags by itself, in bytes: a docker password of the session must stay below 2,500.
    private static let inlineLimit = 700
    /// AWS packs policies and tags into a size that it does not tell; here it is this, in bytes.
    private static let detailLimit = 16 << 10
    private static let tokenLimit = 8 << 10

    let database: any Database
    let clock: any WallClock
    let ids: any IDSource
    private let seal: TokenSeal
    /// What was opened before, by the token's hash: a known token costs no more cryptography.
    private let opened = BoundedCache<SHA256.Digest, OpenedSession>(capacity: 4096)

    init(database: any Database, clock: any WallClock, ids: any IDSource, keys: TokenKeys) {
        self.database = database
        self.clock = clock
        self.ids = ids
        seal = TokenSeal(keys: keys, purpose: "session token")
    }

    /// How much of what fits a session's details take, in percent. Throws `SessionTooLarge`.
    package static func packedSize(of details: SessionDetails) throws -> Int {
        let percent = (try text(of: details).utf8.count * 100 + detailLimit - 1) / detailLimit
        guard percent <= 100 else { throw SessionTooLarge(percent: percent) }
        return percent
    }

    /// New credentials. Whether the caller may have them was decided before. Throws `SessionTooLarge`, and `IdentityError` for a
    /// managed policy that there is not.
    package func issue(_ request: SessionRequest) async throws -> TemporaryCredentials {
        _ = try Self.packedSize(of: request.details)
        if !request.details.policyARNs.isEmpty {
            try await database.read { transaction in
                for arn in request.details.policyARNs { try transaction.requirePolicy(arn, for: request.account) }
            }
        }
        let now = clock.now
        let expiresAt = now + request.lifetime
        let session = Session(
            accessKeyID: TemporaryKeyID.make(of: request.account, ids), salt: ids.randomBytes(16), account: request.account.description,
            principal: request.principal, name: request.name,
            origin: request.origin, issuedAt: now.milliseconds, expiresAt: expiresAt.milliseconds, sourceIdentity: request.sourceIdentity,
            federatedProvider: request.federatedProvider, isChained: request.isChained, details: try await keep(request.details, until: expiresAt))
        let key = try await seal.keys.current()
        return TemporaryCredentials(
            accessKeyID: session.accessKeyID, secretAccessKey: Self.secret(of: session, key.secret),
            sessionToken: try seal.seal(session, with: key), expiresAt: expiresAt)
    }

    /// The session that `token` says, with its secret; nil when the token is not one of this installation.
    func open(_ token: String) async throws -> OpenedSession? {
        // No token is longer, and hashing is not free.
        guard token.utf8.count < Self.tokenLimit else { return nil }
        let hash = SHA256.hash(data: Array(token.utf8))
        if let known = opened[hash] { return known }
        guard let found = try await seal.open(token, as: Session.self) else { return nil }
        let session = OpenedSession(session: found.contents, secret: Self.secret(of: found.contents, found.key))
        opened[hash] = session
        return session
    }

    /// The session of `caller`, its details kept until `expiresAt`; nil of a long-lived key's caller.
    func session(of caller: Caller, keptUntil expiresAt: Timestamp) async throws -> Session? {
        guard let facts = caller.session, let accessKeyID = caller.accessKeyID else { return nil }
        let details = SessionDetails(
            policies: facts.policies, policyARNs: facts.policyARNs, tags: facts.tags, transitiveTagKeys: facts.transitiveTagKeys)
        let name = caller.userID.firstIndex(of: ":").map { String(caller.userID[caller.userID.index(after: $0)...]) }
        return Session(
            accessKeyID: accessKeyID, salt: [], account: caller.account.description, principal: caller.principalID, name: name, origin: facts.origin,
            issuedAt: facts.issuedAt, expiresAt: facts.expiresAt, sourceIdentity: facts.sourceIdentity, federatedProvider: facts.federatedProvider,
            isChained: facts.isChained, details: try await keep(details, until: expiresAt))
    }

    private func keep(_ details: SessionDetails, until expiresAt: Timestamp) async throws -> Session.Details {
        let text = try Self.text(of: details)
        guard text.utf8.count > Self.inlineLimit else { return .inline(details) }
        let hash = Base64URL.encode(Array(SHA256.hash(data: Array(text.utf8))))
        try await database.write { try SessionDetailRecords.keep(hash, text, until: expiresAt, $0) }
        return .stored(hash: hash)
    }

    private static func text(of details: SessionDetails) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(details), as: UTF8.self)
    }

    private static func secret(of session: Session, _ key: SymmetricKey) -> String {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, salt: session.salt, info: Array("session secret \(session.accessKeyID)".utf8), outputByteCount: 30)
        return derived.withUnsafeBytes { Data($0).base64EncodedString() }
    }
}

/// A session whose token was opened.
struct OpenedSession: Sendable {
    let session: Session
    /// The secret of its access key.
    let secret: String
}
