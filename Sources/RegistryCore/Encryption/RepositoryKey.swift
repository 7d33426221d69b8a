import Crypto
import SealedObjects
import Stores

/// The opened key of a repository: what seals the data keys of its blobs, and its manifests. One for each layer of encryption, the
/// innermost first.
struct RepositoryKey: Sendable {
    /// One layer's.
    private struct Layer: Sendable {
        let wraps: SymmetricKey
        let manifests: SymmetricKey

        init(_ secret: [UInt8]) {
            let root = SymmetricKey(data: secret)
            func key(_ purpose: String) -> SymmetricKey {
                HKDF<SHA256>.deriveKey(inputKeyMaterial: root, info: Array(purpose.utf8), outputByteCount: 32)
            }
            wraps = key("berth data keys")
            manifests = key("berth manifests")
        }
    }

    /// How `repos.sealed_key` begins.
    enum Kind: UInt8 {
        /// Under the service's key.
        case service = 1
        /// Under a KMS key.
        case kms = 2
        /// Two keys: the first under a KMS key, the second under the service's.
        case kmsAndService = 3
    }

    private let layers: [Layer]

    /// Under secrets of 32 bytes each.
    private init(_ secrets: [[UInt8]]) { layers = secrets.map(Layer.init) }

    /// A new key for `repository`, sealed. Throws `KeyFailure`.
    static func make(for repository: Repository, _ services: RegistryServices) async throws -> [UInt8] {
        func underService() throws -> [UInt8] { try services.keys.seal(services.ids.randomBytes(32), for: SealContext.repositoryKey(of: repository)) }
        func underKMS(_ key: String) async throws -> [UInt8] {
            try await services.dataKeys.generateDataKey(under: key, context: repository.encryptionContext).wrapped
        }
        switch repository.encryption {
        case .aes256: return [Kind.service.rawValue] + (try underService())
        case .kms(let key): return [Kind.kms.rawValue] + (try await underKMS(key))
        case .kmsDualLayer(let key):
            let wrapped = try await underKMS(key)
            return [Kind.kmsAndService.rawValue, UInt8(wrapped.count >> 8), UInt8(wrapped.count & 0xff)] + wrapped + (try underService())
        }
    }

    /// Opens what `make` gave. Throws `ObjectDamage`, `KeyFailure`.
    init(_ sealed: [UInt8], of repository: Repository, _ services: RegistryServices) async throws {
        let malformed = ObjectDamage("the key of \(repository.name) is malformed")
        func underService(_ sealed: ArraySlice<UInt8>) throws -> [UInt8] {
            do {
                return try services.keys.unseal(Array(sealed), for: SealContext.repositoryKey(of: repository))
            } catch is SealError {
                throw ObjectDamage("the key of \(repository.name) was sealed with another key, or for another repository")
            }
        }
        func underKMS(_ wrapped: ArraySlice<UInt8>, _ key: String) async throws -> [UInt8] {
            try await services.dataKeys.decrypt(Array(wrapped), under: key, context: repository.encryptionContext)
        }
        let rest = sealed.dropFirst()
        switch (sealed.first.flatMap(Kind.init(rawValue:)), repository.encryption) {
        case (.service, .aes256): self.init([try underService(rest)])
        case (.kms, .kms(let key)): self.init([try await underKMS(rest, key)])
        case (.kmsAndService, .kmsDualLayer(let key)):
            guard sealed.count >= 3 else { throw malformed }
            let end = 3 + (Int(sealed[1]) << 8 | Int(sealed[2]))
            guard end <= sealed.count else { throw malformed }
            self.init([try await underKMS(sealed[3..<end], key), try underService(sealed[end...])])
        default: throw malformed
        }
    }

    // MARK: Data keys

    private static let wrapVersion: UInt8 = 1
    private static let wrappedSize = MessageKeys.dataKeySize + SmallSeal.overhead

    /// Fresh data keys.
    func newDataKeys(_ ids: any IDSource) -> BlobKeys { BlobKeys(secrets: layers.map { _ in ids.randomBytes(MessageKeys.dataKeySize) }) }

    /// `keys` sealed for `context`.
    func wrap(_ keys: BlobKeys, for context: [UInt8]) -> [UInt8] {
        zip(layers, keys.secrets).enumerated().reduce(into: [Self.wrapVersion]) { wrap, next in
            let (index, (layer, secret)) = next
            wrap += SmallSeal.seal(secret, under: layer.wraps, for: context + [UInt8(index)])
        }
    }

    /// What was wrapped. Throws `ObjectDamage`.
    func unwrap(_ wrap: [UInt8], for context: [UInt8]) throws(ObjectDamage) -> BlobKeys {
        guard wrap.first == Self.wrapVersion, wrap.count == 1 + layers.count * Self.wrappedSize else {
            throw ObjectDamage("its wrapped key is malformed")
        }
        var secrets: [[UInt8]] = []
        for (index, layer) in layers.enumerated() {
            let start = 1 + index * Self.wrappedSize
            secrets.append(try SmallSeal.open(Array(wrap[start..<(start + Self.wrappedSize)]), under: layer.wraps, for: context + [UInt8(index)]))
        }
        return BlobKeys(secrets: secrets)
    }

    // MARK: Manifests

    /// A manifest's bytes, sealed.
    func seal(_ payload: [UInt8], for context: [UInt8]) -> [UInt8] {
        layers.reduce(payload) { SmallSeal.seal($0, under: $1.manifests, for: context) }
    }

    /// What `seal` sealed. Throws `ObjectDamage`.
    func open(_ sealed: [UInt8], for context: [UInt8]) throws(ObjectDamage) -> [UInt8] {
        var bytes = sealed
        for layer in layers.reversed() { bytes = try SmallSeal.open(bytes, under: layer.manifests, for: context) }
        return bytes
    }
}

/// The data keys of one blob, one for each layer of encryption, the innermost first.
struct BlobKeys: Sendable, Equatable {
    fileprivate let secrets: [[UInt8]]

    /// The key of each layer.
    var keys: [SymmetricKey] { secrets.map { SymmetricKey(data: $0) } }

    /// Something small beside the object, sealed under keys of its own.
    func seal(_ bytes: [UInt8], for context: [UInt8]) -> [UInt8] { besides.reduce(bytes) { SmallSeal.seal($0, under: $1, for: context) } }

    /// What `seal` sealed. Throws `ObjectDamage`.
    func open(_ sealed: [UInt8], for context: [UInt8]) throws(ObjectDamage) -> [UInt8] {
        var bytes = sealed
        for key in besides.reversed() { bytes = try SmallSeal.open(bytes, under: key, for: context) }
        return bytes
    }

    private var besides: [SymmetricKey] {
        keys.map { HKDF<SHA256>.deriveKey(inputKeyMaterial: $0, info: Array("berth upload progress".utf8), outputByteCount: 32) }
    }

    /// The size of an object with a plaintext of `size` bytes.
    func sealedSize(of size: Int64) -> Int64 { secrets.reduce(size) { size, _ in ObjectLayout.sealedSize(of: size) } }
}

extension RegistryServices {
    /// The key of `repository`, made when it has none yet. Throws `ObjectDamage` for one that cannot be opened.
    func key(of repository: Repository) async throws -> RepositoryKey {
        let sealed: [UInt8]
        if let known = repository.sealedKey { sealed = known } else { sealed = try await makeKey(of: repository) }
        // The state of a KMS key may be another at each request.
        guard repository.encryption == .aes256 else { return try await RepositoryKey(sealed, of: repository, self) }
        if let key = repositoryKeys[sealed] { return key }
        let key = try await RepositoryKey(sealed, of: repository, self)
        repositoryKeys[sealed] = key
        return key
    }

    /// Passes while the KMS key of `repository`, if it has one, can be used. Throws `KeyFailure`.
    func requireUsableKey(of repository: Repository) async throws {
        guard let key = repository.encryption.key else { return }
        try await dataKeys.requireUsable(key, context: repository.encryptionContext)
    }

    private func makeKey(of repository: Repository) async throws -> [UInt8] {
        let new = try await RepositoryKey.make(for: repository, self)
        return try await database.write { transaction in
            let kept = try transaction.first(
                "UPDATE repos SET sealed_key = COALESCE(sealed_key, \(new)) WHERE id = \(repository.rowID) AND state = 0 RETURNING sealed_key"
            ) { $0.bytes(0) }
            guard let kept else { throw RegistryError.repositoryNotFound(repository.name, registry: repository.registry) }
            return kept
        }
    }
}
