import AWSCore

/// Who makes a request, as its authentication proved.
package struct Caller: Hashable, Sendable {
    /// The kinds of principal that can call.
    package enum Kind: Hashable, Sendable {
        /// The account's root: everything in its own account.
        case root
        /// No credentials.
        case anonymous
    }

    package let kind: Kind
    /// The caller's own account; for an anonymous caller the installation's default account, which it has no rights in.
    package let account: AccountID
    /// The principal's ARN, `arn:aws:iam::<account>:root` for root; `anonymous` when there is none.
    package let arn: String
    /// The unique id that STS reports as UserId: the account id for root.
    package let userID: String
    /// The access key that signed the request, or that the docker token came from.
    package let accessKeyID: String?
    /// The region that the signature's scope, the docker token or the configuration names.
    package let region: Region

    /// The root of `account`.
    package static func root(of account: AccountID, accessKeyID: String, region: Region) -> Caller {
        Caller(
            kind: .root, account: account, arn: "arn:aws:iam::\(account):root", userID: account.description, accessKeyID: accessKeyID, region: region)
    }

    /// Nobody known.
    package static func anonymous(account: AccountID, region: Region) -> Caller {
        Caller(kind: .anonymous, account: account, arn: "anonymous", userID: "ANONYMOUS", accessKeyID: nil, region: region)
    }
}
