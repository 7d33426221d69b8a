import AWSCore
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
    let database: any Database
    let keys: any KeyProvider
    let ids: any IDSource

    package init(database: any Database, keys: any KeyProvider, ids: any IDSource) {
        self.database = database
        self.keys = keys
        self.ids = ids
    }

    /// The key of this id; nil when there is none.
    package func find(_ id: String) async throws -> AccessKey? { fatalError("stub") }

    /// Replaces all root access keys of `account` by a new one, whose secret is shown here and never again.
    package func resetRootKey(of account: AccountID) async throws -> AccessKey { fatalError("stub") }
}
