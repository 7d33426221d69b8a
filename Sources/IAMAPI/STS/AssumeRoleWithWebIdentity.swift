import AWSCore
import IAM
import Identity

/// Gives credentials of a role to whoever brings a token of an OpenID Connect issuer that the role's account and trust policy
/// accept. Nothing is signed: the token is the proof.
struct AssumeRoleWithWebIdentity: STSOperation {
    let roleArn: EntityARN
    let roleSessionName: SessionName
    let webIdentityToken: Bounded.Text<4, 20000>
    let providerId: Bounded.Text<4, 2048>?
    let policyArns: PolicyDescriptors?
    let policy: SessionPolicy?
    let durationSeconds: Bounded.Integer<900, 43200>?

    static var isUnsigned: Bool { true }

    /// Asked in `run`, where the token and the role's trust policy are known.
    func permissions(_ context: OperationContext) -> [Permission] { [] }

    func run(_ context: OperationContext) async throws -> Output {
        guard let arn = ARN(roleArn.value), arn.service == "iam", arn.resource.hasPrefix("role/"), let account = AccountID(arn.account) else {
            throw AWSError("ValidationError", "\(roleArn.value) is invalid")
        }
        guard providerId == nil else {
            throw AWSError("ValidationError", "ProviderId is for OAuth 2.0 access tokens of other providers; leave it out for an ID token.")
        }
        let identity = try await identity(in: context.identity.account(account), context)
        let assumption = try assumption(identity)
        let denial = AWSError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", status: 403)
        guard let role = try await context.identity.assumableRole(arn) else { throw denial }
        do {
            let request = context.request.asked(by: identity, account)
            let decision = TrustDecision(role: role, context: context, request: request, asksIdentity: false)
            try await decision.require(assumption.actions, assumption.facts.merging(identity.conditionKeys) { $1 })
        } catch is AccessDenied {
            throw denial
        }
        let duration = durationSeconds?.value ?? 3600
        guard duration <= role.longestSession else {
            throw AWSError("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
        }

        var request = SessionRequest(
            origin: .webIdentity, account: account, principal: role.entity.id, name: roleSessionName.value, lifetime: .seconds(duration))
        request.details = assumption.agreement.details
        request.sourceIdentity = assumption.agreement.sourceIdentity
        request.federatedProvider = identity.issuer
        let credentials = try await context.identity.sessions.issue(request)
        try await context.identity.recordUse(of: role, in: context.request.region)
        return Output(
            credentials: CredentialsShape(credentials), subjectFromWebIdentityToken: identity.subject,
            assumedRoleUser: AssumedRoleUser(role, session: roleSessionName.value), packedPolicySize: assumption.agreement.packedPolicySize,
            provider: identity.provider, audience: identity.audience, sourceIdentity: assumption.agreement.sourceIdentity)
    }

    private func identity(in account: Account, _ context: OperationContext) async throws -> WebIdentity {
        do {
            return try await context.identity.webIdentityTokens.verify(webIdentityToken.value) { try await account.registeredIssuer($0) }
        } catch let refusal as WebIdentityRefusal {
            throw AWSError(refusal)
        }
    }

    private func assumption(_ identity: WebIdentity) throws(AWSError) -> RoleAssumption {
        let (tags, keys) = (identity.tags, identity.transitiveTagKeys)
        guard tags.count <= 50, tags.allSatisfy({ 1...128 ~= $0.key.count && $0.value.count <= 256 }) else {
            throw AWSError("IDPRejectedClaim", "The token's tags are too many or too long.", status: 403)
        }
        var agreement = try SessionAgreement(policy: policy, policyArns: policyArns, tags: tags, transitiveTagKeys: keys)
        if let name = identity.sourceIdentity {
            guard SessionName.isAllowed(name), SessionNameRule.length ~= name.count else {
                throw AWSError("IDPRejectedClaim", "The token's source identity is not valid.", status: 403)
            }
            agreement.sourceIdentity = name
        }
        return RoleAssumption(
            action: "sts:AssumeRoleWithWebIdentity", sessionName: roleSessionName.value, agreement: agreement, duration: durationSeconds?.value,
            requestTags: tags, transitiveTagKeys: keys)
    }

    struct Output: Encodable, Sendable {
        let credentials: CredentialsShape
        let subjectFromWebIdentityToken: String
        let assumedRoleUser: AssumedRoleUser
        let packedPolicySize: Int?
        let provider: String
        let audience: String
        let sourceIdentity: String?
    }
}

extension RequestContext {
    /// The same request, made by an identity of an issuer that `account` trusts.
    fileprivate func asked(by identity: WebIdentity, _ account: AccountID) -> RequestContext {
        let caller = Caller(
            kind: .federatedUser, account: account, arn: identity.provider, userID: "\(identity.issuer):\(identity.subject)", accessKeyID: nil,
            region: region)
        return RequestContext(
            caller: caller, region: region, requestID: requestID, sourceIP: sourceIP, isSecure: isSecure, userAgent: userAgent, origin: origin)
    }
}

extension AWSError {
    /// STS's words on a token that is refused.
    fileprivate init(_ refusal: WebIdentityRefusal) {
        switch refusal {
        case .malformed(let text): self.init("InvalidIdentityToken", text)
        case .unknownIssuer(let issuer):
            self.init("InvalidIdentityToken", "No OpenIDConnect provider found in your account for \(issuer)")
        case .wrongAudience: self.init("InvalidIdentityToken", "Incorrect token audience")
        case .badSignature:
            self.init(
                "InvalidIdentityToken",
                "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements"
            )
        case .expired(let now, let expiry):
            self.init(
                "ExpiredTokenException", "Token expired: current date/time \(now) must be before the expiration date/time \(expiry)")
        case .notYetValid: self.init("InvalidIdentityToken", "The ID Token provided is not yet valid.")
        case .unreachable(let reason): self.init("IDPCommunicationError", "The identity provider's keys could not be fetched. \(reason)")
        }
    }
}
