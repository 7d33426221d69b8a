import AWSCore

/// A policy: statements that allow or deny, in one version of the language.
///
/// `init(json:as:)` in `PolicyParsing.swift` is the only way to one, so every document is well formed.
/// Source: IAM user guide, "IAM JSON policy elements reference".
package struct PolicyDocument: Hashable, Sendable {
    /// The version of the language; variables exist in the newer one only.
    package enum Version: String, Sendable {
        case v2008 = "2008-10-17"
        case v2012 = "2012-10-17"
    }

    package let version: Version
    package let id: String?
    package let statements: [Statement]
}

/// One statement of a policy.
package struct Statement: Hashable, Sendable {
    package enum Effect: String, Sendable {
        case allow = "Allow"
        case deny = "Deny"
    }

    package let sid: String?
    package let effect: Effect
    /// Nil in policies that are attached to the principal itself.
    package let principals: Match<Principal>?
    package let actions: Match<ActionPattern>
    /// Nil where the policy is attached to the resource itself (trust policies, ECR repository policies).
    package let resources: Match<ResourcePattern>?
    package let conditions: [Condition]
}

/// An element in its plain form (`Action`) or its inverted one (`NotAction`).
package enum Match<Pattern: Hashable & Sendable>: Hashable, Sendable {
    case any(of: [Pattern])
    case none(of: [Pattern])

    /// The patterns, whatever they do.
    package var patterns: [Pattern] {
        switch self {
        case .any(let patterns), .none(let patterns): patterns
        }
    }

    /// True when `matches` holds for one of the patterns, or fails for all of them in the inverted form. Nil of `matches` is
    /// neither: a pattern that cannot be compared.
    func isMet(_ matches: (Pattern) -> Bool?) -> Bool {
        switch self {
        case .any(let patterns): patterns.contains { matches($0) == true }
        case .none(let patterns): patterns.allSatisfy { matches($0) == false }
        }
    }
}

/// Who a resource policy speaks of.
package enum Principal: Hashable, Sendable {
    /// `"*"`: everyone, also without credentials.
    case everyone
    /// An account, by its id or its root's ARN: all that the account itself entitles.
    case account(AccountID)
    /// A user, role, assumed-role session or federated user, by ARN.
    case arn(String)
    /// A principal by unique id, which a new one of the same name does not have.
    case uniqueID(String)
    case federated(String)
    case service(String)
    case canonicalUser(String)
}
