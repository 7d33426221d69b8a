extension STSDialect {
    /// All operations of the model.
    enum Operation: String, CaseIterable {
        case assumeRole = "AssumeRole"
        case assumeRoleWithSAML = "AssumeRoleWithSAML"
        case assumeRoleWithWebIdentity = "AssumeRoleWithWebIdentity"
        case assumeRoot = "AssumeRoot"
        case decodeAuthorizationMessage = "DecodeAuthorizationMessage"
        case getAccessKeyInfo = "GetAccessKeyInfo"
        case getCallerIdentity = "GetCallerIdentity"
        case getDelegatedAccessToken = "GetDelegatedAccessToken"
        case getFederationToken = "GetFederationToken"
        case getSessionToken = "GetSessionToken"
        case getWebIdentityToken = "GetWebIdentityToken"

        /// True of the two that bring their own proof instead of a signature.
        var isUnsigned: Bool { self == .assumeRoleWithSAML || self == .assumeRoleWithWebIdentity }
    }
}
