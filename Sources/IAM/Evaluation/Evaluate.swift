import AWSCore

/// What `policies` say of `request`: pure, and the same whatever the order of policies and statements.
///
/// Source: IAM user guide, "Policy evaluation logic"; `docs/iam.md` tells the order of steps.
package func evaluate(_ request: EvaluatedRequest, _ policies: PolicySet) -> Decision {
    let policies = policies.applying(to: request.principal)
    if let denial = explicitDeny(of: request, policies) { return .explicitlyDenied(denial) }
    if let limits = policies.limits, !limits.permit(request) { return .implicitlyDenied(.session) }
    for (levels, kind) in [(policies.resourceControl, DecidingPolicy.resourceControl), (policies.serviceControl, .serviceControl)] {
        for level in levels where allow(of: request, in: level, kind) == nil { return .implicitlyDenied(kind) }
    }
    let grant = resourceGrant(to: request, policies.resource)
    // Nobody's account answers for who is anonymous, a service, or known to an identity provider only.
    guard let account = request.principal.account else { return grant.map { .allowed($0.statement) } ?? .implicitlyDenied(.resource) }
    let isForeign = request.resourceAccount != account
    if policies.needsResourceAllow, grant == nil { return .implicitlyDenied(.resource) }
    if let grant, grant.isDirect, !isForeign { return .allowed(grant.statement) }

    let identity = identityDecision(of: request, policies, grantedToRole: isForeign ? nil : grant.flatMap { $0.isToRole ? $0.statement : nil })
    guard isForeign else { return identity }
    // Both sides must allow; what the other account lacks is named first, as AWS does.
    guard let grant else { return .implicitlyDenied(.resource) }
    return identity.isAllowed ? .allowed(grant.statement) : identity
}

/// The identity side: identity policies, cut by boundary and session policies. A grant of a resource policy to the role
/// itself counts as if its identity policies allowed. An account's root has no policies, and only its sessions are cut.
private func identityDecision(of request: EvaluatedRequest, _ policies: PolicySet, grantedToRole: DecidingStatement?) -> Decision {
    let allowing = allow(of: request, in: policies.identity, .identity) ?? grantedToRole
    if request.principal.kind != .root {
        guard allowing != nil else { return .implicitlyDenied(.identity) }
        if let boundary = policies.boundary, allow(of: request, in: [boundary], .boundary) == nil { return .implicitlyDenied(.boundary) }
    }
    if let session = policies.session, allow(of: request, in: session, .session) == nil { return .implicitlyDenied(.session) }
    return .allowed(allowing)
}

extension PolicySet {
    /// Without what does not bear on `principal`: service control policies bind no services and nobody without an account.
    fileprivate func applying(to principal: RequestPrincipal) -> PolicySet {
        guard principal.kind == .service || principal.account == nil else { return self }
        var policies = self
        policies.serviceControl = []
        return policies
    }
}

/// The first statement that denies, by the order in which AWS names the kinds.
private func explicitDeny(of request: EvaluatedRequest, _ policies: PolicySet) -> DecidingStatement? {
    let kinds: [([NamedPolicy], DecidingPolicy)] = [
        (policies.serviceControl.flatMap { $0 }, .serviceControl), (policies.resourceControl.flatMap { $0 }, .resourceControl),
        (policies.resource, .resource), (policies.boundary.map { [$0] } ?? [], .boundary), (policies.session ?? [], .session),
        (policies.identity, .identity),
    ]
    for (documents, kind) in kinds {
        if let found = statement(.deny, of: request, in: documents, kind, hasBoundary: policies.boundary != nil) { return found }
    }
    return nil
}

private func allow(of request: EvaluatedRequest, in policies: [NamedPolicy], _ kind: DecidingPolicy) -> DecidingStatement? {
    statement(.allow, of: request, in: policies, kind)
}

private func statement(
    _ effect: Statement.Effect, of request: EvaluatedRequest, in policies: [NamedPolicy], _ kind: DecidingPolicy, hasBoundary: Bool = false
) -> DecidingStatement? {
    for policy in policies {
        for (index, statement) in policy.document.statements.enumerated()
        where statement.effect == effect && statement.applies(to: request, version: policy.document.version, hasBoundary: hasBoundary) {
            return DecidingStatement(kind: kind, policy: policy.name, sid: statement.sid, index: index)
        }
    }
    return nil
}

/// What a resource policy gives to the caller.
private struct ResourceGrant {
    let statement: DecidingStatement
    /// True when the caller's own identity policies need not allow too, nor boundary and session policies.
    let isDirect: Bool
    /// True when the grant goes to the caller's role, whose boundary and session policies still cut it.
    let isToRole: Bool
}

/// The strongest grant of the resource policies: to the principal itself, to its role, or to its account.
private func resourceGrant(to request: EvaluatedRequest, _ policies: [NamedPolicy]) -> ResourceGrant? {
    var best: (rank: GrantStrength, statement: DecidingStatement)?
    for policy in policies {
        for (index, statement) in policy.document.statements.enumerated()
        where statement.effect == .allow && statement.applies(to: request, version: policy.document.version) {
            guard let rank = statement.principals?.strength(for: request.principal), rank > best?.rank ?? .none else { continue }
            best = (rank, DecidingStatement(kind: .resource, policy: policy.name, sid: statement.sid, index: index))
        }
    }
    return best.map { ResourceGrant(statement: $0.statement, isDirect: $0.rank == .principal, isToRole: $0.rank == .role) }
}
