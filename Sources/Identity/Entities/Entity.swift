import AWSCore
import Stores

/// A user, group or role: what can have policies.
package struct Entity: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case user, group, role

        /// What the unique ids begin with.
        var idPrefix: String {
            switch self {
            case .user: "AIDA"
            case .group: "AGPA"
            case .role: "AROA"
            }
        }
    }

    /// Unique for ever: `AIDA…`, `AGPA…`, `AROA…`.
    package let id: String
    package let account: AccountID
    package let kind: Kind
    package let name: String
    /// `/`, or `/…/`.
    package let path: String
    /// The ARN of the policy that is the permissions boundary.
    package let boundary: String?
    package let createdAt: Timestamp

    /// `arn:aws:iam::<account>:user/<path>/<name>`
    package var arn: ARN { Account.arn(of: kind, path: path, name: name, in: account) }
}

extension Account {
    /// What is asked for where the entity itself is only about to be made, or is not there: the ARN that it would have.
    package static func arn(of kind: Entity.Kind, path: String, name: String, in account: AccountID) -> ARN {
        ARN(service: "iam", region: "", account: account.description, resource: "\(kind.rawValue)\(path)\(name)")
    }
}
