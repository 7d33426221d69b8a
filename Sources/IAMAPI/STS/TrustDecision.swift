import AWSCore
import IAM
import Identity

/// Whether a role may be assumed: its trust policy must allow every action that the request comes to, and the caller's own
/// policies too where the trust policy names no more than the caller's account.
struct TrustDecision {
    let role: AssumableRole
    let context: OperationContext
    /// Who asks, and from where.
    let request: RequestContext
    /// False for an identity of an issuer, which has no policies of its own.
    let asksIdentity: Bool

    /// Passes when every one of `actions` is allowed, with these facts for conditions. Throws `AccessDenied`.
    func require(_ actions: [String], _ facts: [String: [String]]) async throws {
        let trust = NamedPolicy(name: role.entity.arn.description, document: try PolicyDocument(json: role.trustPolicy, as: .trust))
        for action in actions {
            let permission = Permission(action, on: role.entity.arn, owner: role.entity.account, facts: facts)
            let decision = try await context.authorizer.decide(permission, request) { found in
                if !asksIdentity { found.policies = PolicySet() }
                found.policies.resource = [trust]
                found.policies.needsResourceAllow = true
                found.resourceTags = role.tags
            }
            guard decision.isAllowed else { throw AccessDenied(principal: request.caller.arn, permission: permission, decision: decision) }
        }
    }
}

/// What assuming a role comes to, and what conditions may ask of it.
struct RoleAssumption {
    let action: String
    let sessionName: String
    let agreement: SessionAgreement
    /// Seconds; nil: an hour.
    let duration: Int?
    /// Of the request itself, without what a session passes on.
    let requestTags: [String: String]
    let transitiveTagKeys: [String]

    /// The action itself, and the two that tags and a source identity need.
    var actions: [String] {
        [action] + (agreement.details.tags.isEmpty ? [] : ["sts:TagSession"]) + (agreement.sourceIdentity == nil ? [] : ["sts:SetSourceIdentity"])
    }

    var facts: [String: [String]] {
        var facts = ["sts:RoleSessionName": [sessionName]]
        if let duration { facts["sts:DurationSeconds"] = [String(duration)] }
        if let identity = agreement.sourceIdentity { facts["sts:SourceIdentity"] = [identity] }
        if !requestTags.isEmpty { facts["aws:TagKeys"] = requestTags.keys.sorted() }
        if !transitiveTagKeys.isEmpty { facts["sts:TransitiveTagKeys"] = transitiveTagKeys }
        for (key, value) in requestTags { facts["aws:RequestTag/\(key)"] = [value] }
        return facts
    }
}
