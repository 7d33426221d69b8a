import AWSCore

extension EvaluatedRequest {
    /// The question that `facts` tell everything about.
    init(_ facts: RequestFacts) {
        self.init(
            principal: RequestPrincipal(facts.context.caller), action: facts.permission.action, resource: facts.permission.resource,
            resourceAccount: facts.owner, context: ConditionContext(computing: facts.values))
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
