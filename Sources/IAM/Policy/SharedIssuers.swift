/// The OpenID Connect issuers that serve many organizations: the audience of their tokens says nothing, so a policy that trusts
/// one must say whose tokens it means. AWS refuses a role that does not.
///
/// Source: IAM user guide, "Identity-provider controls for shared OIDC providers".
private let sharedIssuers: [String: [String]] = [
    "token.actions.githubusercontent.com": [
        "sub", "job_workflow_ref", "repository", "repository_id", "repository_owner", "repository_owner_id",
    ],
    "vstoken.actions.githubusercontent.com": ["sub"],
    "oidc-configuration.audit-log.githubusercontent.com": ["sub"],
    "gitlab.com": ["sub", "namespace_id", "namespace_path", "project_id", "project_path"],
    "agent.buildkite.com": ["sub"],
    "app.terraform.io": ["sub"],
    "oidc.codefresh.io": ["sub"],
    "studio.datachain.ai/api": ["sub"],
    "scalr.io": ["sub"],
    "tokens.cloud.shisho.dev": ["sub"],
    "proidc.upbound.io": ["sub"],
    "api.pulumi.com/oidc": ["aud"],
    "sandboxes.cloud": ["aud"],
    "oidc.vercel.com": ["aud"],
]

extension PolicyDocument {
    /// The first shared issuer that the policy trusts without a limit, and the condition key that would limit it; nil when
    /// there is none.
    package var unscopedSharedIssuer: (issuer: String, key: String)? {
        for statement in statements where statement.effect == .allow {
            for case .federated(let arn) in statement.principals?.patterns ?? [] {
                guard let start = arn.firstRange(of: ":oidc-provider/")?.upperBound, let claims = sharedIssuers[String(arn[start...])] else {
                    continue
                }
                let keys = claims.map { "\(arn[start...]):\($0)" }
                if !statement.conditions.contains(where: { $0.limits(keys) }) { return (String(arn[start...]), keys[0]) }
            }
        }
        return nil
    }
}

extension Condition {
    /// True when it asks one of `keys` to be something in particular.
    fileprivate func limits(_ wanted: [String]) -> Bool {
        switch comparison {
        case .string(_, isNegated: false), .pattern(isNegated: false): break
        default: return false
        }
        return !isOptional
            && keys.contains { key, values in
                wanted.contains { $0.lowercased() == key.lowercased() } && !values.isEmpty
                    && values.allSatisfy { $0.contains { $0 != "*" && $0 != "?" } }
            }
    }
}
