import AWSCore
import IAM

/// A principal as a credential stands for it, before it is known for which region.
package struct ProvenPrincipal: Hashable, Sendable {
    let kind: Caller.Kind
    let account: AccountID
    let arn: String
    let userID: String
    let session: SessionFacts?
    let tags: [String: String]

    /// The root of `account`.
    package static func root(of account: AccountID) -> ProvenPrincipal {
        ProvenPrincipal(
            kind: .root, account: account, arn: "arn:aws:iam::\(account):root", userID: account.description, session: nil, tags: [:])
    }

    /// The caller of a request for `region` that this access key signed, or whose docker token came from it.
    package func caller(accessKeyID: String, region: Region) -> Caller {
        Caller(
            kind: kind, account: account, arn: arn, userID: userID, accessKeyID: accessKeyID, region: region, session: session, tags: tags)
    }
}
