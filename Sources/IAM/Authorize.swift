import AWSCore

/// One thing that IAM must allow: an action on a resource.
package struct Permission: Hashable, Sendable {
    /// `service:Name`, in AWS's spelling.
    package let action: String
    /// The resource's ARN; nil for actions without one, which policies allow on `*` only.
    package let resource: ARN?

    package init(_ action: String, on resource: ARN? = nil) {
        self.action = action
        self.resource = resource
    }
}

/// A refusal, with what AWS's sentence names.
package struct AccessDenied: Error, Hashable, CustomStringConvertible {
    package let principal: String
    package let permission: Permission
    package let reason: Reason

    /// Which kind of policy decided.
    package enum Reason: Hashable, Sendable {
        /// Nothing in the caller's own account allows it.
        case noIdentityPolicy
        /// Another account's resource, and no resource policy allows it.
        case noResourcePolicy
    }

    /// AWS's sentence, the same on the API and on the docker path.
    package var description: String {
        let resource = permission.resource?.description ?? "*"
        let policy = reason == .noIdentityPolicy ? "identity-based" : "resource-based"
        return "User: \(principal) is not authorized to perform: \(permission.action) on resource: \(resource) "
            + "because no \(policy) policy allows the \(permission.action) action"
    }
}

/// Passes when `caller` has every one of `permissions`; throws the first refusal otherwise. Looks nothing up.
///
/// Until the policy engine comes, an account's root may do everything in its account and nobody else may do anything.
package func authorize(_ permissions: [Permission], for caller: Caller) throws(AccessDenied) {
    for permission in permissions {
        let foreign = permission.resource.map { $0.account != caller.account.description } ?? false
        switch caller.kind {
        case .root where !foreign: continue
        case .root: throw AccessDenied(principal: caller.arn, permission: permission, reason: .noResourcePolicy)
        case .anonymous: throw AccessDenied(principal: caller.arn, permission: permission, reason: .noResourcePolicy)
        }
    }
}
