import OCI
import Stores

/// A repository and its settings.
package struct Repository: Hashable, Sendable {
    let rowID: Int64
    package let registry: RegistryID
    package let name: RepositoryName
    package let createdAt: Timestamp
    package let mutability: TagMutability
    /// The key domain of its blobs (`RegistryID.defaultDomain` until encryption keys come).
    let domain: String
}

/// A tag on a resource (not on an image): key and value.
package struct ResourceTag: Hashable, Sendable {
    package let key: String
    package let value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}
