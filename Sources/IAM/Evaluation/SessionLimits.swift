/// What a user's temporary credentials never do, whatever the policies say.
///
/// Source: IAM user guide, "Compare AWS STS credentials".
package enum SessionLimits: Hashable, Sendable {
    /// Of GetSessionToken: IAM only with MFA, and of STS only AssumeRole and GetCallerIdentity.
    case sessionToken
    /// Of GetFederationToken: no IAM, and of STS only GetCallerIdentity.
    case federationToken

    /// True when the session may ask for this at all.
    func permit(_ request: EvaluatedRequest) -> Bool {
        let name = request.actionName.name
        switch (self, request.actionName.service) {
        case (.sessionToken, "iam"): return request.context.singleValue(of: "aws:MultiFactorAuthPresent")?.lowercased() == "true"
        case (.sessionToken, "sts"): return name == "assumerole" || name == "getcalleridentity"
        case (.federationToken, "iam"): return false
        case (.federationToken, "sts"): return name == "getcalleridentity"
        default: return true
        }
    }
}
