import IAM

/// What GetCallerIdentity tells; the elements' names are the model's.
struct CallerIdentity: Encodable, Sendable {
    let Arn: String
    let UserId: String
    let Account: String
}

/// Tells a caller who it is; needs no permission.
func getCallerIdentity(_ caller: Caller) -> CallerIdentity {
    CallerIdentity(Arn: caller.arn, UserId: caller.userID, Account: caller.account.description)
}
