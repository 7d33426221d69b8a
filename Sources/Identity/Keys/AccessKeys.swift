import AWSCore
import Foundation
import IAM
import Stores

/// An access key as a signature check needs it.
package struct AccessKey: Sendable {
    package let id: String
    package let secret: String
    package let account: AccountID
    package let isActive: Bool
}

/// The access keys of the installation; their secrets are sealed in the database.
package struct AccessKeys: Sendable {
    private struct Unsealed {
        let sealed: [UInt8]
        let secret: String
    }

    let database: any Database
    let keys: any KeyProvider
    let ids: any IDSource
    private let unsealed = BoundedCache<String, Unsealed>(capacity: 1024)

    package init(database: any Database, keys: any KeyProvider, ids: any IDSource) {
        self.database = database
        self.keys = keys
        self.ids = ids
    }

    /// The key of this id; nil when there is none. Throws `SealError` when the root key is not the one that sealed it.
    package func find(_ id: String) async throws -> AccessKey? {
        guard let record = try await database.read({ try AccessKeyRecords.find(id, $0) }), let account = AccountID(record.account)
        else { return nil }
        return AccessKey(id: record.id, secret: try secret(of: record), account: account, isActive: record.isActive)
    }

    /// True when the account's root has an access key.
    package func hasRootKey(of account: AccountID) async throws -> Bool {
        try await !database.read { try AccessKeyRecords.list(account: account, principal: account.description, $0) }.isEmpty
    }

    /// Replaces all root access keys of `account` by a new one, whose secret is shown here and never again.
    package func resetRootKey(of account: AccountID) async throws -> AccessKey {
        let key = make(for: account)
        let record = AccessKeyRecord(
            id: key.id, account: account.description, principal: account.description, secret: try seal(key), isActive: true)
        try await database.write { transaction in
            try AccessKeyRecords.deleteAll(account: account, principal: record.principal, transaction)
            try AccessKeyRecords.insert(record, transaction)
            try AuthorizationChanges.advance(transaction)
        }
        return key
    }

    /// A key that is nowhere yet, with a secret of 40 characters.
    func make(for account: AccountID) -> AccessKey {
        AccessKey(
            id: UniqueID.make("AKIA", count: 16, ids), secret: Data(ids.randomBytes(30)).base64EncodedString(), account: account, isActive: true)
    }

    /// The key's secret as the database has it.
    func seal(_ key: AccessKey) throws -> [UInt8] { try keys.seal(Array(key.secret.utf8), for: Self.purpose(key.id)) }

    /// Unseals, or remembers what these very bytes held.
    func secret(of record: AccessKeyRecord) throws -> String {
        if let known = unsealed[record.id], known.sealed == record.secret { return known.secret }
        let secret = String(decoding: try keys.unseal(record.secret, for: Self.purpose(record.id)), as: UTF8.self)
        unsealed[record.id] = Unsealed(sealed: record.secret, secret: secret)
        return secret
    }

    static func purpose(_ id: String) -> String { "access key \(id)" }
}
