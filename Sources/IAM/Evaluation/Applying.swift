import AWSCore

extension Statement {
    /// True when every element of the statement covers the request. `hasBoundary` tells of the caller: a Deny with
    /// NotPrincipal falls on every principal that has a permissions boundary, whoever the element names.
    func applies(to request: EvaluatedRequest, version: PolicyDocument.Version, hasBoundary: Bool = false) -> Bool {
        guard actions.isMet({ $0.matches(request.actionName) }) else { return false }
        guard covers(request.principal, hasBoundary: hasBoundary) else { return false }
        let variables = PolicyVariables(areKnown: version == .v2012, context: request.context)
        if let resources, !resources.isMet({ $0.matches(request.resourceName, variables: variables) }) { return false }
        return conditions.allSatisfy { $0.isMet(variables) }
    }

    private func covers(_ principal: RequestPrincipal, hasBoundary: Bool) -> Bool {
        guard let principals else { return true }
        if hasBoundary, effect == .deny, case .none = principals { return true }
        return principals.isMet { $0.covers(principal) }
    }
}

/// To whom a grant of a resource policy goes: the more exactly it names the caller, the less else is asked.
enum GrantStrength: Int, Comparable {
    case none
    /// The account: its own policies must allow too.
    case account
    /// The role of a session.
    case role
    /// The caller itself, or everyone.
    case principal

    static func < (left: GrantStrength, right: GrantStrength) -> Bool { left.rawValue < right.rawValue }
}

extension Match<Principal> {
    /// How strongly an Allow with this element names `principal`, which it covers.
    func strength(for principal: RequestPrincipal) -> GrantStrength {
        guard case .any(let principals) = self else { return .principal }
        return principals.filter { $0.covers(principal) }.map { $0.strength(for: principal) }.max() ?? .none
    }
}

extension Principal {
    /// True when the caller is this principal, or belongs to it.
    func covers(_ caller: RequestPrincipal) -> Bool {
        switch self {
        case .everyone: true
        case .account(let account): caller.account == account
        case .arn(let arn): caller.arn == arn || caller.roleARN == arn
        case .uniqueID(let id): caller.userID == id || caller.userID.hasPrefix("\(id):")
        case .federated(let provider): caller.kind == .federatedUser && caller.arn == provider
        case .service(let name): caller.kind == .service && caller.arn == name
        case .canonicalUser: false
        }
    }

    fileprivate func strength(for caller: RequestPrincipal) -> GrantStrength {
        switch self {
        case .account: .account
        case .arn(let arn) where caller.arn != arn: .role
        case .uniqueID(let id) where caller.userID != id: .role
        default: .principal
        }
    }
}

extension RequestPrincipal {
    fileprivate var roleARN: String? {
        guard case .role(let arn) = kind else { return nil }
        return arn
    }
}
