import AWSCore
import IAM

/// What is sealed in a session token: whose credentials they are and what was agreed when they were issued. The rest of the
/// principal is looked up at every request, as it then is.
struct Session: Codable, Hashable, Sendable {
    /// `ASIA…`
    let accessKeyID: String
    /// What makes the session's secret its own; empty where no secret is derived.
    let salt: [UInt8]
    let account: String
    /// The unique id of the role or user whose rights the session has: the account id for root.
    let principal: String
    /// The name of a role's session or of a federated user; nil of GetSessionToken.
    let name: String?
    let origin: SessionFacts.Origin
    /// In milliseconds since 1970, as `expiresAt`.
    let issuedAt: Int64
    let expiresAt: Int64
    let sourceIdentity: String?
    let federatedProvider: String?
    let isChained: Bool
    let details: Details

    /// The policies and tags of a session; where they are too long for a token, they are kept by their hash.
    enum Details: Codable, Hashable, Sendable {
        case inline(SessionDetails)
        case stored(hash: String)
    }
}

/// What the issuer of a session may choose, and what may be long.
package struct SessionDetails: Codable, Hashable, Sendable {
    /// Of the inline policy, its text; there is one at most today.
    package var policies: [String]
    package var policyARNs: [String]
    package var tags: [String: String]
    package var transitiveTagKeys: [String]

    package init(policies: [String] = [], policyARNs: [String] = [], tags: [String: String] = [:], transitiveTagKeys: [String] = []) {
        self.policies = policies
        self.policyARNs = policyARNs
        self.tags = tags
        self.transitiveTagKeys = transitiveTagKeys
    }
}

extension SessionFacts {
    init(_ session: Session, _ details: SessionDetails) {
        self.init(
            origin: session.origin, issuedAt: session.issuedAt, expiresAt: session.expiresAt, policies: details.policies,
            policyARNs: details.policyARNs, sourceIdentity: session.sourceIdentity, federatedProvider: session.federatedProvider,
            transitiveTagKeys: details.transitiveTagKeys, isChained: session.isChained, tags: details.tags,
            grantor: session.principal)
    }
}
