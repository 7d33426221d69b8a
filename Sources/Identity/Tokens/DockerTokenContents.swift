import AWSCore
import IAM
import Stores

/// What is sealed in a docker token: who, where and until when, but no rights.
struct DockerTokenContents: Codable, Hashable, Sendable {
    /// Unique to the token, for the log and for revocation.
    let id: String
    let account: String
    /// The principal's unique id: the account id for root.
    let principal: String
    /// The session that asked; nil of a long-lived key.
    let session: Session?
    let accessKeyID: String
    let region: String
    /// In milliseconds since 1970, as `expiresAt`.
    let issuedAt: Int64
    let expiresAt: Int64

    /// Whom the token stands for, as things now are; nil when it was revoked, or its key or its principal is gone.
    func principal(_ transaction: any ReadTransaction) throws -> ProvenPrincipal? {
        guard let account = AccountID(account) else { return nil }
        let isRevoked = try Revocations.areRevoked([id, accessKeyID, principal], issuedAt: session?.issuedAt ?? issuedAt, transaction)
        guard !isRevoked else { return nil }
        if let session { return try PrincipalRecords.find(session, transaction) }
        guard try AccessKeyRecords.isActive(accessKeyID, account: account, principal: principal, transaction) else { return nil }
        return try PrincipalRecords.find(principal, account: account, transaction)
    }
}
