import AWSCore

/// Who asks, as policies see them.
package struct RequestPrincipal: Hashable, Sendable {
    /// The kinds of principal, which resource policies grant to in different ways.
    package enum Kind: Hashable, Sendable {
        case anonymous
        case root
        case user
        /// A session of a role, whose own ARN is `roleARN`, with path.
        case role(roleARN: String)
        case federatedUser
        /// An AWS service, by its name such as `ecs-tasks.amazonaws.com`.
        case service
    }

    package let kind: Kind
    /// Nil for anonymous principals and services.
    package let account: AccountID?
    /// The principal's own ARN: of a session, `arn:aws:sts::…:assumed-role/Role/Session`.
    package let arn: String
    /// `AIDA…`, `AROA…:session`, the account's id.
    package let userID: String

    package init(kind: Kind, account: AccountID?, arn: String, userID: String) {
        self.kind = kind
        self.account = account
        self.arn = arn
        self.userID = userID
    }
}

/// One question to the engine: may this principal do this to that?
package struct EvaluatedRequest: Sendable {
    package let principal: RequestPrincipal
    /// `service:Name`.
    package let action: String
    /// Nil for actions without a resource.
    package let resource: ARN?
    /// The account that owns the resource; the caller's own where there is no resource.
    package let resourceAccount: AccountID?
    /// What conditions may ask about.
    package let context: ConditionContext
    let actionName: ActionName
    let resourceName: ResourceName?

    package init(principal: RequestPrincipal, action: String, resource: ARN?, resourceAccount: AccountID?, context: ConditionContext) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.resourceAccount = resourceAccount
        self.context = context
        actionName = ActionName(action)
        resourceName = resource.map(ResourceName.init)
    }
}

/// A policy with the name by which a decision refers to it: an ARN, or the name of an inline policy.
package struct NamedPolicy: Hashable, Sendable {
    package let name: String
    package let document: PolicyDocument

    package init(name: String, document: PolicyDocument) {
        self.name = name
        self.document = document
    }
}

/// Everything that bears on one request. Nil means that there is no such policy; an empty list of session policies or
/// service control policies is none that allows.
package struct PolicySet: Sendable {
    /// Of the user, its groups, or the role.
    package var identity: [NamedPolicy] = []
    package var boundary: NamedPolicy?
    package var session: [NamedPolicy]?
    /// Of the kind of session, beside its policies; nil when there are none.
    package var limits: SessionLimits?
    /// Of the resource and of what holds it: repository policy and registry policy.
    package var resource: [NamedPolicy] = []
    /// For each level of the caller's organization, from the root down.
    package var serviceControl: [[NamedPolicy]] = []
    /// For each level of the resource's organization, from the root down.
    package var resourceControl: [[NamedPolicy]] = []
    /// True for actions that the resource's own policy must allow in any case: role trust policies.
    package var needsResourceAllow = false

    package init() {}

    /// All policies, whatever they are attached to.
    var documents: [PolicyDocument] {
        let own = identity + [boundary].compactMap(\.self) + (session ?? []) + resource
        return (own + serviceControl.joined() + resourceControl.joined()).map(\.document)
    }
}
