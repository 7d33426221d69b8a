import OCI
import Stores

/// A repository and its settings.
package struct Repository: Hashable, Sendable {
    let rowID: Int64
    package let registry: RegistryID
    package let name: RepositoryName
    package let createdAt: Timestamp
    package let mutability: TagMutability
    /// The key domain of its blobs: objects are shared inside it and never beyond.
    let domain: String
    /// How its content is encrypted at rest.
    package let encryption: RepositoryEncryption
    /// The id of the grant by which the registry uses its KMS key.
    let grant: String?
    /// Its key, sealed; nil until something is sealed under it.
    let sealedKey: [UInt8]?
    /// The number of that key: what is sealed for a repository has the number of the key that it is under.
    let keyNumber: Int64
    /// None or one.
    private let formers: [Repository]

    init(
        rowID: Int64, registry: RegistryID, name: RepositoryName, createdAt: Timestamp, mutability: TagMutability, domain: String,
        encryption: RepositoryEncryption = .aes256, grant: String? = nil, sealedKey: [UInt8]? = nil, keyNumber: Int64 = 1,
        former: Repository? = nil
    ) {
        self.rowID = rowID
        self.registry = registry
        self.name = name
        self.createdAt = createdAt
        self.mutability = mutability
        self.domain = domain
        self.encryption = encryption
        self.grant = grant
        self.sealedKey = sealedKey
        self.keyNumber = keyNumber
        formers = former.map { [$0] } ?? []
    }

    /// The repository as it was under its former key, while its content is moved from that to the one that it has now.
    var former: Repository? { formers.first }

    /// The repository under its key of this number; nil when it has that no more.
    func under(key number: Int64) -> Repository? { number == keyNumber ? self : formers.first { $0.keyNumber == number } }
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
