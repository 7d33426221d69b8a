import AWSCore

extension EvaluatedRequest {
    /// The question whether the caller of `context` may have `permission`, asked at `now` (milliseconds since 1970).
    init(_ permission: Permission, _ context: RequestContext, _ found: AuthorizationFacts, now: Int64) {
        let caller = context.caller
        self.init(
            principal: RequestPrincipal(caller), action: permission.action, resource: permission.resource,
            resourceAccount: permission.owner ?? caller.account, context: ConditionContext(permission.facts))
    }
}

extension RequestPrincipal {
    package init(_ caller: Caller) {
        let kind: Kind =
            switch caller.kind {
            case .root: .root
            case .user: .user
            case .role(let arn): .role(roleARN: arn)
            case .federatedUser: .federatedUser
            case .anonymous: .anonymous
            }
        self.init(kind: kind, account: kind == .anonymous ? nil : caller.account, arn: caller.arn, userID: caller.userID)
    }
}
