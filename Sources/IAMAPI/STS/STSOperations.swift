/// The table of contents of STS, A to Z.
let stsOperations: [any QueryOperation.Type] = [
    GetCallerIdentity.self
]

/// What the model of STS has besides.
let missingSTSOperations: Set<String> = [
    "AssumeRole",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "AssumeRoot",
    "DecodeAuthorizationMessage",
    "GetAccessKeyInfo",
    "GetDelegatedAccessToken",
    "GetFederationToken",
    "GetSessionToken",
    "GetWebIdentityToken",
]
