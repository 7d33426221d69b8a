/// What a policy is attached to, which decides what its statements must and may not have.
package enum PolicyKind: Hashable, Sendable {
    /// Attached to a user, group or role; also permissions boundaries and session policies.
    case identity
    /// Says who may assume a role.
    case trust
    /// Attached to a resource whose own ARN is understood: ECR repositories.
    case resource
    /// Attached to something that holds many resources, which must be named: ECR registries, KMS keys.
    case container

    /// True for the policies that IAM itself keeps.
    var isIAM: Bool { self == .identity || self == .trust }
    var needsPrincipal: Bool { self != .identity }
    var needsResource: Bool { self == .identity || self == .container }
    var allowsResource: Bool { self != .trust }
}

/// Why a text is no policy, in a sentence.
package struct MalformedPolicy: Error, Hashable, CustomStringConvertible {
    package let description: String

    /// The refusal that says `description`.
    package init(_ description: String) { self.description = description }
}
