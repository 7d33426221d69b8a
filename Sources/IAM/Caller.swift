import AWSCore

/// Who makes a request, as its authentication proved.
package struct Caller: Hashable, Sendable {
    /// The kinds of principal that can call.
    package enum Kind: Hashable, Sendable {
        /// The account's root.
        case root
        case user(name: String)
        /// A session of the role with this ARN, which has the role's path.
        case role(arn: String)
        /// A session of GetFederationToken, with the rights of the user that asked for it.
        case federatedUser
        /// No credentials.
        case anonymous
    }

    package let kind: Kind
    /// The caller's own account; for an anonymous caller the installation's default account, which it has no rights in.
    package let account: AccountID
    /// The principal's ARN: `arn:aws:iam::<account>:root` for root, `arn:aws:sts::<account>:assumed-role/<role>/<session>`
    /// for a role's session; `anonymous` when there is none.
    package let arn: String
    /// The unique id that STS reports as UserId: the account id for root, `AIDA…`, `AROA…:<session>`.
    package let userID: String
    /// The access key that signed the request, or that the docker token came from.
    package let accessKeyID: String?
    /// The region that the signature's scope, the docker token or the configuration names.
    package let region: Region
    /// Nil for long-lived access keys, and for anonymous callers.
    package let session: SessionFacts?
    /// The principal's tags, those of its session above those of its role.
    package let tags: [String: String]

    package init(
        kind: Kind, account: AccountID, arn: String, userID: String, accessKeyID: String?, region: Region, session: SessionFacts? = nil,
        tags: [String: String] = [:]
    ) {
        self.kind = kind
        self.account = account
        self.arn = arn
        self.userID = userID
        self.accessKeyID = accessKeyID
        self.region = region
        self.session = session
        self.tags = tags
    }

    /// The unique id of the user, role or account that the rights come from.
    package var principalID: String { session?.grantor ?? userID.firstIndex(of: ":").map { String(userID[..<$0]) } ?? userID }

    /// The root of `account`.
    package static func root(of account: AccountID, accessKeyID: String, region: Region) -> Caller {
        Caller(
            kind: .root, account: account, arn: "arn:aws:iam::\(account):root", userID: account.description, accessKeyID: accessKeyID, region: region)
    }

    /// Nobody known.
    package static func anonymous(account: AccountID, region: Region) -> Caller {
        Caller(kind: .anonymous, account: account, arn: "anonymous", userID: "ANONYMOUS", accessKeyID: nil, region: region)
    }
}

/// What is known of temporary credentials besides whose they are.
package struct SessionFacts: Codable, Hashable, Sendable {
    /// Where the credentials come from.
    package enum Origin: String, Codable, Hashable, Sendable {
        case assumeRole, webIdentity, sessionToken, federationToken
    }

    package let origin: Origin
    /// In milliseconds since 1970.
    package let issuedAt: Int64
    package let expiresAt: Int64
    /// The texts of the policies that cut the session's rights, the inline one and the managed ones by ARN; both empty when
    /// the session has all rights of its principal.
    package let policies: [String]
    package let policyARNs: [String]
    package let sourceIdentity: String?
    /// The issuer of a web identity, without scheme.
    package let federatedProvider: String?
    package let transitiveTagKeys: [String]
    /// True when the credentials of this session came from a session of a role.
    package let isChained: Bool
    /// The session's own tags, without those of its role.
    package let tags: [String: String]
    /// The unique id of the user or role whose rights the session has, where `Caller.userID` does not begin with it: of a
    /// federated user. Nil: it does.
    package let grantor: String?

    package init(
        origin: Origin, issuedAt: Int64, expiresAt: Int64, policies: [String] = [], policyARNs: [String] = [], sourceIdentity: String? = nil,
        federatedProvider: String? = nil, transitiveTagKeys: [String] = [], isChained: Bool = false, tags: [String: String] = [:],
        grantor: String? = nil
    ) {
        self.origin = origin
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.policies = policies
        self.policyARNs = policyARNs
        self.sourceIdentity = sourceIdentity
        self.federatedProvider = federatedProvider
        self.transitiveTagKeys = transitiveTagKeys
        self.isChained = isChained
        self.tags = tags
        self.grantor = grantor
    }
}
