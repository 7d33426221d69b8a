import AWSCore
import IAM
import Stores

/// Who signs with an access key, as far as it is known before the signature was checked.
package enum Signer: Sendable {
    /// The key is good: its secret, and who calls if the signature is.
    case known(secret: String, Caller)
    /// The key's session is over.
    case expired
    /// No such key, not active, or another key's session token.
    case unknown
}

extension AccessKeys {
    /// Who signs with the key of this id. `SigV4Verifier` has made sure that a long-lived key comes without a session token.
    package func signer(_ id: String, sessionToken: String?, region: Region) async throws -> Signer {
        guard sessionToken == nil else { return .unknown }
        let found = try await database.read { transaction -> (AccessKeyRecord, Caller)? in
            guard let record = try AccessKeyRecords.find(id, transaction), record.isActive, let account = AccountID(record.account),
                let caller = try transaction.caller(record.principal, of: account, accessKeyID: id, region: region)
            else { return nil }
            return (record, caller)
        }
        guard let (record, caller) = found else { return .unknown }
        return .known(secret: try secret(of: record), caller)
    }
}

extension ReadTransaction {
    /// The caller that a long-lived access key stands for: the root, when the principal is the account itself, or a user by
    /// unique id. Nil when the user is gone.
    func caller(_ principal: String, of account: AccountID, accessKeyID: String, region: Region) throws -> Caller? {
        if principal == account.description { return .root(of: account, accessKeyID: accessKeyID, region: region) }
        guard let user = try EntityRecords.find(id: principal, self), user.kind == .user, user.account == account else { return nil }
        let tags = try TagRecords.list(of: user.id, self)
        return Caller(
            kind: .user(name: user.name), account: account, arn: user.arn.description, userID: user.id, accessKeyID: accessKeyID, region: region,
            tags: Dictionary(tags.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }))
    }
}
