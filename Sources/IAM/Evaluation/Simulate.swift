import AWSCore

/// What the policies say of one action on one resource, and how they come to it.
package struct SimulatedDecision: Hashable, Sendable {
    /// The three answers, in AWS's words.
    package enum Verdict: String, Sendable, CaseIterable {
        case allowed
        case explicitDeny
        case implicitDeny
    }

    package let verdict: Verdict
    /// The statements of identity and resource policies that decide: all that deny where one does, else all that allow what is
    /// allowed.
    package let matched: [DecidingStatement]
    /// The condition keys that the policies ask for on this action and that the request does not have.
    package let missingKeys: [String]
    /// Whether the permissions boundary allows; nil where there is none.
    package let isAllowedByBoundary: Bool?
    /// Whether the service control policies allow; nil where there are none.
    package let isAllowedByOrganization: Bool?
    /// What each kind of policy says by itself; empty within one account.
    package let details: [DecidingPolicy: Verdict]
}

/// Decides as `evaluate` does, and tells why. What it says of the outcome is what `evaluate` says.
///
/// Source: IAM API reference, "EvaluationResult".
package func simulate(_ request: EvaluatedRequest, _ policies: PolicySet) -> SimulatedDecision {
    let verdict = SimulatedDecision.Verdict(evaluate(request, policies))
    let visible: [(DecidingPolicy, [NamedPolicy])] = [(.identity, policies.identity), (.resource, policies.resource)]
    let boundary = policies.boundary.map { [$0] } ?? []
    let effect: Statement.Effect? =
        switch verdict {
        case .allowed: .allow
        case .explicitDeny: .deny
        case .implicitDeny: nil
        }
    let deciding = verdict == .explicitDeny ? visible + [(.boundary, boundary)] : visible
    let isForeign = request.resourceAccount != request.principal.account
    return SimulatedDecision(
        verdict: verdict,
        matched: effect.map { effect in
            deciding.flatMap { kind, documents in
                statements(effect, of: request, in: documents, kind, hasBoundary: policies.boundary != nil)
            }
        } ?? [],
        missingKeys: contextKeys(of: visible.flatMap { $1.map(\.document) } + boundary.map(\.document), for: request.action)
            .filter { request.context[$0] == nil },
        isAllowedByBoundary: policies.boundary.map { _ in verdictAlone(of: request, [boundary], .boundary) == .allowed },
        isAllowedByOrganization: policies.serviceControl.isEmpty
            ? nil : verdictAlone(of: request, policies.serviceControl, .serviceControl) == .allowed,
        details: isForeign ? details(of: request, policies) : [:])
}

private func details(of request: EvaluatedRequest, _ policies: PolicySet) -> [DecidingPolicy: SimulatedDecision.Verdict] {
    var details: [DecidingPolicy: SimulatedDecision.Verdict] = [
        .identity: verdictAlone(of: request, [policies.identity], .identity), .resource: verdictAlone(of: request, [policies.resource], .resource),
    ]
    if let boundary = policies.boundary { details[.boundary] = verdictAlone(of: request, [[boundary]], .boundary) }
    return details
}

/// What the policies of one kind say when nobody else is asked: every level must allow, and no statement deny.
private func verdictAlone(of request: EvaluatedRequest, _ levels: [[NamedPolicy]], _ kind: DecidingPolicy) -> SimulatedDecision.Verdict {
    if levels.contains(where: { !statements(.deny, of: request, in: $0, kind).isEmpty }) { return .explicitDeny }
    return levels.allSatisfy { !statements(.allow, of: request, in: $0, kind).isEmpty } ? .allowed : .implicitDeny
}

/// All statements of this effect that apply.
private func statements(
    _ effect: Statement.Effect, of request: EvaluatedRequest, in policies: [NamedPolicy], _ kind: DecidingPolicy, hasBoundary: Bool = false
) -> [DecidingStatement] {
    policies.flatMap { policy in
        policy.document.statements.enumerated().compactMap { index, statement in
            guard statement.effect == effect, statement.applies(to: request, version: policy.document.version, hasBoundary: hasBoundary)
            else { return nil }
            return DecidingStatement(kind: kind, policy: policy.name, sid: statement.sid, index: index)
        }
    }
}

extension SimulatedDecision.Verdict {
    fileprivate init(_ decision: Decision) {
        switch decision {
        case .allowed: self = .allowed
        case .explicitlyDenied: self = .explicitDeny
        case .implicitlyDenied: self = .implicitDeny
        }
    }

    /// The more restrictive of two.
    package static func stricter(_ left: Self, _ right: Self) -> Self {
        [left, right].contains(.explicitDeny) ? .explicitDeny : [left, right].contains(.implicitDeny) ? .implicitDeny : .allowed
    }
}
