import AWSCore
import Stores

/// Users and roles as policies of resources name them: by ARN when they are written and read, by unique id where they are stored, so
/// that a new principal of an old name has none of its rights.
package enum Principals {
    /// The unique id of the user or role with this ARN, path and all; nil when there is none.
    package static func uniqueID(ofARN text: String, _ transaction: any ReadTransaction) throws -> String? {
        guard let arn = ARN(text), arn.service == "iam", let account = AccountID(arn.account),
            let kind = Entity.Kind(rawValue: String(arn.resource.prefix { $0 != "/" })), kind != .group
        else { return nil }
        let name = arn.resource.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard let found = try EntityRecords.find(kind, named: String(name), in: account, transaction), found.arn == arn else { return nil }
        return found.id
    }

    /// The ARN of the user or role of this unique id; nil when there is none, or no longer.
    package static func arn(ofUniqueID id: String, _ transaction: any ReadTransaction) throws -> ARN? {
        try EntityRecords.find(id: id, transaction)?.arn
    }

    /// True when the installation has this account.
    package static func exists(_ account: AccountID, _ transaction: any ReadTransaction) throws -> Bool {
        try AccountRecords.createdAt(account, transaction) != nil
    }
}
