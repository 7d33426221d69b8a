import AWSCore

/// What bears on one permission besides the request itself.
package struct AuthorizationFacts: Sendable {
    /// The policies of the caller and of the resource.
    package var policies: PolicySet
    /// The tags of the resource.
    package var resourceTags: [String: String]
    /// What else is known of the object, by condition key in lower case: once for each of its names, of which none may be explicitly
    /// denied; never empty. An image that is asked for by digest has its tags for names.
    package var names: [[String: [String]]] = [[:]]
    /// Whether it is enough that the permission is allowed under one of `names`.
    package var isOneNameEnough = false
    /// Whether some policy asks for `names`, so that the decision holds no longer than they do.
    package var reliesOnNames = false

    package init(policies: PolicySet = PolicySet(), resourceTags: [String: String] = [:]) {
        self.policies = policies
        self.resourceTags = resourceTags
    }
}

/// A permission that was given because of what its object was called at that moment.
package struct DecidedName: Hashable, Sendable {
    package let permission: Permission
    /// As `AuthorizationFacts.names`.
    package let names: [[String: [String]]]
}

/// Decides, for every part of the server alike, what a caller may do.
package struct Authorizer: Sendable {
    private let facts: @Sendable (Caller, Permission, Region) async throws -> AuthorizationFacts
    private let now: @Sendable () -> Int64

    /// An authorizer over `facts`, which tells what bears on a permission in the registry of a region. `now` is in
    /// milliseconds since 1970.
    package init(
        now: @escaping @Sendable () -> Int64, facts: @escaping @Sendable (Caller, Permission, Region) async throws -> AuthorizationFacts
    ) {
        self.now = now
        self.facts = facts
    }

    /// What the policies say of `permission` for the caller of `context`, after `change` to what was found: policies of a resource that
    /// only the asker knows, or a question "what if". Throws what the look-up of the policies throws.
    package func decide(
        _ permission: Permission, _ context: RequestContext, changing change: (inout AuthorizationFacts) -> Void = { _ in }
    ) async throws -> Decision {
        var found = try await facts(context.caller, permission, context.region)
        change(&found)
        return decide(permission, context, found)
    }

    private func decide(_ permission: Permission, _ context: RequestContext, _ found: AuthorizationFacts) -> Decision {
        let now = now()
        let decisions = found.names.map { name in
            let facts = RequestFacts(permission: permission, context: context, resourceTags: found.resourceTags, more: name, now: now)
            return evaluate(EvaluatedRequest(facts), found.policies)
        }
        if let denied = decisions.first(where: \.isExplicitlyDenied) { return denied }
        // The first that settles it: one that is allowed, or one that is not where all must be.
        return decisions.first { $0.isAllowed == found.isOneNameEnough } ?? decisions[0]
    }

    /// Passes when every one of `permissions` is allowed; throws `AccessDenied` for the first that is not. What comes back is what the decision
    /// rests on besides policies: whoever acts on it must see that these names still hold.
    @discardableResult
    package func require(_ permissions: [Permission], _ context: RequestContext) async throws -> [DecidedName] {
        var decided: [DecidedName] = []
        for permission in permissions {
            let found = try await facts(context.caller, permission, context.region)
            let decision = decide(permission, context, found)
            guard decision.isAllowed else { throw AccessDenied(principal: context.caller.arn, permission: permission, decision: decision) }
            if found.reliesOnNames { decided.append(DecidedName(permission: permission, names: found.names)) }
        }
        return decided
    }

    /// Whether what `require` says of `permissions` is the same for each request of this caller while the policies stay as they are: none
    /// of their statements on these actions asks for anything else, as the time, the address or the image's names.
    package func restsOnPoliciesAlone(_ permissions: [Permission], _ context: RequestContext) async throws -> Bool {
        for permission in permissions {
            let found = try await facts(context.caller, permission, context.region)
            guard !found.reliesOnNames, contextKeys(of: found.policies.documents, for: permission.action).isEmpty else { return false }
        }
        return true
    }
}

/// A refusal, with what AWS's sentence names.
package struct AccessDenied: Error, Hashable, CustomStringConvertible {
    package let principal: String
    package let permission: Permission
    package let decision: Decision

    package init(principal: String, permission: Permission, decision: Decision) {
        self.principal = principal
        self.permission = permission
        self.decision = decision
    }

    /// AWS's sentence, the same on the API and on the docker path.
    package var description: String {
        let resource = permission.resource?.description ?? "*"
        let reason = decision.reason(for: permission.action) ?? ""
        return "User: \(principal) is not authorized to perform: \(permission.action) on resource: \(resource) \(reason)"
    }
}
