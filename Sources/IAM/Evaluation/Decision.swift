/// The kinds of policy, in AWS's words.
package enum DecidingPolicy: String, Sendable, CaseIterable {
    case identity = "identity-based policy"
    case resource = "resource-based policy"
    case boundary = "permissions boundary"
    case session = "session policy"
    case serviceControl = "service control policy"
    case resourceControl = "resource control policy"
}

/// The statement that a decision rests on.
package struct DecidingStatement: Hashable, Sendable {
    package let kind: DecidingPolicy
    /// The policy's name (`NamedPolicy.name`).
    package let policy: String
    package let sid: String?
    /// The statement's place in its policy, from 0.
    package let index: Int

    package init(kind: DecidingPolicy, policy: String, sid: String?, index: Int) {
        self.kind = kind
        self.policy = policy
        self.sid = sid
        self.index = index
    }
}

/// What the policies say of a request.
package enum Decision: Hashable, Sendable {
    /// Allowed by this statement; nil where no policy is asked (an account's root in its own account).
    case allowed(DecidingStatement?)
    /// Denied by this statement, whatever else allows.
    case explicitlyDenied(DecidingStatement)
    /// Not allowed: a policy of this kind would have to.
    case implicitlyDenied(DecidingPolicy)

    package var isAllowed: Bool {
        if case .allowed = self { return true }
        return false
    }

    package var isExplicitlyDenied: Bool {
        if case .explicitlyDenied = self { return true }
        return false
    }

    /// The end of AWS's sentence on a denial, from `because` or `with` on; nil when allowed.
    package func reason(for action: String) -> String? {
        switch self {
        case .allowed: nil
        case .explicitlyDenied(let statement):
            // Only managed policies have an ARN, and a caller's are of its own account.
            "with an explicit deny in \(statement.kind.article) \(statement.kind.rawValue)"
                + (statement.policy.hasPrefix("arn:") ? ": \(statement.policy)" : "")
        case .implicitlyDenied(let kind): "because no \(kind.rawValue) allows the \(action) action"
        }
    }
}

extension DecidingPolicy {
    fileprivate var article: String { self == .identity ? "an" : "a" }
}
