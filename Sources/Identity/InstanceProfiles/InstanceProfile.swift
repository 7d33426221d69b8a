import AWSCore
import Stores

/// What hands a role to a machine.
package struct InstanceProfile: Hashable, Sendable {
    /// `AIPA…`
    package let id: String
    package let account: AccountID
    package let name: String
    /// `/`, or `/…/`.
    package let path: String
    /// Nil while it has none; there is never more than one.
    package let role: Role?
    package let createdAt: Timestamp

    /// `arn:aws:iam::<account>:instance-profile/<path>/<name>`
    package var arn: ARN { Account.arn(ofInstanceProfile: name, path: path, in: account) }
}

extension Account {
    /// The ARN of an instance profile, of one to be made too.
    package static func arn(ofInstanceProfile name: String, path: String, in account: AccountID) -> ARN {
        ARN(service: "iam", region: "", account: account.description, resource: "instance-profile\(path)\(name)")
    }
}
