import AWSCore
import IAM
import Identity

/// Gives credentials of a role to whoever its trust policy, and the caller's own policies, let have them.
struct AssumeRole: STSOperation {
    let roleArn: EntityARN
    let roleSessionName: SessionName
    let policyArns: PolicyDescriptors?
    let policy: SessionPolicy?
    let durationSeconds: Bounded.Integer<900, 43200>?
    let tags: TagList?
    let transitiveTagKeys: Bounded.List<0, 50, TagKey>?
    let externalId: ExternalID?
    let serialNumber: SerialNumber?
    let tokenCode: TokenCode?
    let sourceIdentity: SessionName?
    let providedContexts: ProvidedContexts?

    /// Asked in `run`, where the role's trust policy is known.
    func permissions(_ context: OperationContext) -> [Permission] { [] }

    func run(_ context: OperationContext) async throws -> Output {
        let caller = context.caller
        guard let arn = ARN(roleArn.value), arn.service == "iam", arn.resource.hasPrefix("role/") else {
            throw AWSError("ValidationError", "\(roleArn.value) is invalid")
        }
        guard providedContexts == nil else {
            throw AWSError("ValidationError", "ProvidedContexts come from services that there are not here.")
        }
        guard caller.kind != .root else { throw AWSError("AccessDenied", "Roles may not be assumed by root accounts.", status: 403) }
        let assumption = try assumption(by: caller)
        guard let role = try await context.identity.assumableRole(arn) else { throw Self.denial(caller, arn) }
        do {
            let decision = TrustDecision(role: role, context: context, request: context.request, asksIdentity: true)
            try await decision.require(assumption.actions, assumption.facts.merging(externalFacts) { $1 })
        } catch let denied as AccessDenied {
            throw Self.denial(caller, arn, denied.permission.action)
        }
        // No caller has a device, so no code can be right.
        guard serialNumber == nil, tokenCode == nil else { throw AWSError.wrongCode }
        try checkDuration(role, caller)

        let sourceIdentity = assumption.agreement.sourceIdentity
        var request = SessionRequest(
            origin: .assumeRole, account: role.entity.account, principal: role.entity.id, name: roleSessionName.value,
            lifetime: .seconds(durationSeconds?.value ?? 3600))
        request.details = assumption.agreement.details
        request.sourceIdentity = sourceIdentity
        request.isChained = caller.isRole
        let credentials = try await context.identity.sessions.issue(request)
        try await context.identity.recordUse(of: role, in: context.request.region)
        return Output(
            credentials: CredentialsShape(credentials), assumedRoleUser: AssumedRoleUser(role, session: roleSessionName.value),
            packedPolicySize: assumption.agreement.packedPolicySize, sourceIdentity: sourceIdentity)
    }

    private func assumption(by caller: Caller) throws -> RoleAssumption {
        let requestTags = try tags.sessionTags()
        let keys = transitiveTagKeys?.values.map(\.value) ?? []
        guard Set(keys.map { $0.lowercased() }).isSubset(of: requestTags.keys.map { $0.lowercased() }) else {
            throw AWSError("InvalidParameterValue", "The specified transitive tag key must be included in the requested tags.")
        }
        var agreement = try SessionAgreement(policy: policy, policyArns: policyArns, tags: requestTags, transitiveTagKeys: keys)
        try agreement.inherit(from: caller.session)
        // Who is behind a chain of roles is said once, at its beginning.
        let inherited = caller.session?.sourceIdentity
        guard sourceIdentity == nil || inherited == nil || sourceIdentity?.value == inherited else {
            throw AWSError("AccessDenied", "The source identity of the calling session cannot be changed.", status: 403)
        }
        agreement.sourceIdentity = inherited ?? sourceIdentity?.value
        return RoleAssumption(
            action: "sts:AssumeRole", sessionName: roleSessionName.value, agreement: agreement, duration: durationSeconds?.value,
            requestTags: requestTags, transitiveTagKeys: keys)
    }

    private var externalFacts: [String: [String]] { externalId.map { ["sts:ExternalId": [$0.value]] } ?? [:] }

    private func checkDuration(_ role: AssumableRole, _ caller: Caller) throws(AWSError) {
        let duration = durationSeconds?.value ?? 3600
        guard !caller.isRole || duration <= 3600 else {
            throw AWSError("ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
        }
        guard duration <= role.longestSession else {
            throw AWSError("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
        }
    }

    /// The same whether the role is there or not.
    private static func denial(_ caller: Caller, _ role: ARN, _ action: String = "sts:AssumeRole") -> AWSError {
        AWSError("AccessDenied", "User: \(caller.arn) is not authorized to perform: \(action) on resource: \(role)", status: 403)
    }

    struct Output: Encodable, Sendable {
        let credentials: CredentialsShape
        let assumedRoleUser: AssumedRoleUser
        let packedPolicySize: Int?
        let sourceIdentity: String?
    }
}

extension Caller {
    /// True of a role's session.
    var isRole: Bool {
        if case .role = kind { return true }
        return false
    }
}

extension AWSError {
    static let wrongCode = AWSError("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.", status: 403)
}
