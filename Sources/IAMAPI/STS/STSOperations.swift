/// The table of contents of STS, A to Z.
let stsOperations: [any QueryOperation.Type] = [
    AssumeRole.self,
    AssumeRoleWithWebIdentity.self,
    DecodeAuthorizationMessage.self,
    GetAccessKeyInfo.self,
    GetCallerIdentity.self,
    GetFederationToken.self,
    GetSessionToken.self,
]

/// What the model of STS has besides.
let missingSTSOperations: Set<String> = [
    "AssumeRoleWithSAML",
    "AssumeRoot",
    "GetDelegatedAccessToken",
    "GetWebIdentityToken",
]
