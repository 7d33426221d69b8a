import AWSCore

/// What `policies` say of `request`: pure, and the same whatever the order of policies and statements.
///
/// Source: IAM user guide, "Policy evaluation logic"; `docs/iam.md` tells the order of steps.
package func evaluate(_ request: EvaluatedRequest, _ policies: PolicySet) -> Decision {
    if let denial = explicitDeny(of: request, policies) { return .explicitlyDenied(denial) }
    for (levels, kind) in [(policies.resourceControl, DecidingPolicy.resourceControl), (policies.serviceControl, .serviceControl)] {
        for level in levels where allow(of: request, in: level, kind) == nil { return .implicitlyDenied(kind) }
    }
    let isForeign = request.resourceAccount != request.principal.account
    let grant = resourceGrant(to: request, policies.resource)
    if policies.needsResourceAllow, grant == nil { return .implicitlyDenied(.resource) }
    if let grant, grant.isDirect, !isForeign { return .allowed(grant.statement) }

    let identity = identityDecision(of: request, policies, grantedToRole: isForeign ? nil : grant.flatMap { $0.isToRole ? $0.statement : nil })
    guard isForeign else { return identity }
    // Both sides must allow; what the other account lacks is named first, as AWS does.
    guard let grant else { return .implicitlyDenied(.resource) }
    if request.principal.kind == .anonymous { return .allowed(grant.statement) }
    return identity.isAllowed ? .allowed(grant.statement) : identity
}

/// The identity side: identity policies, cut by boundary and session policies. A grant of a resource policy to the role
/// itself counts as if its identity policies allowed.
private func identityDecision(of request: EvaluatedRequest, _ policies: PolicySet, grantedToRole: DecidingStatement?) -> Decision {
    switch request.principal.kind {
    case .root: return .allowed(nil)
    case .anonymous, .service: return .implicitlyDenied(.resource)
    case .user, .role, .federatedUser: break
    }
    guard let allowing = allow(of: request, in: policies.identity, .identity) ?? grantedToRole else { return .implicitlyDenied(.identity) }
    if let boundary = policies.boundary, allow(of: request, in: [boundary], .boundary) == nil { return .implicitlyDenied(.boundary) }
    if let session = policies.session, allow(of: request, in: session, .session) == nil { return .implicitlyDenied(.session) }
    return .allowed(allowing)
}

/// The first statement that denies, by the order in which AWS names the kinds.
private func explicitDeny(of request: EvaluatedRequest, _ policies: PolicySet) -> DecidingStatement? {
    let kinds: [([NamedPolicy], DecidingPolicy)] = [
        (policies.serviceControl.flatMap { $0 }, .serviceControl), (policies.resourceControl.flatMap { $0 }, .resourceControl),
        (policies.resource, .resource), (policies.boundary.map { [$0] } ?? [], .boundary), (policies.session ?? [], .session),
        (policies.identity, .identity),
    ]
    for (documents, kind) in kinds {
        if let found = statement(.deny, of: request, in: documents, kind) { return found }
    }
    return nil
}

private func allow(of request: EvaluatedRequest, in policies: [NamedPolicy], _ kind: DecidingPolicy) -> DecidingStatement? {
    statement(.allow, of: request, in: policies, kind)
}

private func statement(
    _ effect: Statement.Effect, of request: EvaluatedRequest, in policies: [NamedPolicy], _ kind: DecidingPolicy
) -> DecidingStatement? {
    for policy in policies {
        for (index, statement) in policy.document.statements.enumerated()
        where statement.effect == effect && statement.applies(to: request, version: policy.document.version) {
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
