import AWSCore

/// One thing that IAM must allow: an action on a resource.
package struct Permission: Hashable, Sendable {
    /// `service:Name`, in AWS's spelling.
    package let action: String
    /// The resource's ARN; nil for actions without one, which policies allow on `*` only.
    package let resource: ARN?
    /// The account of the resource, or of the registry where there is no resource; nil: the caller's own.
    package let owner: AccountID?
    /// What conditions may ask about this very request: `aws:RequestTag/…`, `aws:TagKeys`, `ecr:ImageTag` and the like.
    package let facts: [String: [String]]

    package init(_ action: String, on resource: ARN? = nil, owner: AccountID? = nil, facts: [String: [String]] = [:]) {
        self.action = action
        self.resource = resource
        self.owner = owner ?? resource.flatMap { AccountID($0.account) }
        self.facts = facts
    }
}
