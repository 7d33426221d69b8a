import Crypto
import SealedObjects
import Stores

/// The opened key of a repository: what seals the data keys of its blobs, and its manifests. One for each layer of encryption, the
/// innermost first; of a repository under a KMS key the innermost takes a data key of KMS besides, another one for each thing.
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
        /// Under a KMS key, which things take no data keys of. No new ones are made.
        case kms = 2
        /// Two keys: the first under a KMS key, the second under the service's. No new ones are made.
        case kmsAndService = 3
        /// Under the service's key, a secret for each layer; things take data keys of KMS besides.
        case serviceWithKMS = 4
    }

    private static let secretSize = 32

    private let layers: [Layer]
    /// Gives the data keys that things take besides; nil: none.
    private let source: KMSDataKeys?

    /// Under secrets of 32 bytes each.
    private init(_ secrets: [[UInt8]], source: KMSDataKeys? = nil) {
        layers = secrets.map { Layer($0) }
        self.source = source
    }

    /// A new key for `repository`, sealed.
    static func make(for repository: Repository, _ services: RegistryServices) throws -> [UInt8] {
        let (kind, layers): (Kind, Int) =
            switch repository.encryption {
            case .aes256: (.service, 1)
            case .kms: (.serviceWithKMS, 1)
            case .kmsDualLayer: (.serviceWithKMS, 2)
            }
        let secrets = services.ids.randomBytes(layers * secretSize)
        return [kind.rawValue] + (try services.keys.seal(secrets, for: SealContext.repositoryKey(of: repository)))
    }

    /// Opens what `make` gave. Throws `ObjectDamage`, `KeyFailure`.
    init(_ sealed: [UInt8], of repository: Repository, _ services: RegistryServices) async throws {
        let malformed = ObjectDamage("the key of \(repository.name) is malformed")
        func underService(_ sealed: ArraySlice<UInt8>, secrets: Int = 1) throws -> [[UInt8]] {
            let opened: [UInt8]
            do {
                opened = try services.keys.unseal(Array(sealed), for: SealContext.repositoryKey(of: repository))
            } catch is SealError {
                throw ObjectDamage("the key of \(repository.name) was sealed with another key, or for another repository")
            }
            guard opened.count == secrets * Self.secretSize else { throw malformed }
            return stride(from: 0, to: opened.count, by: Self.secretSize).map { Array(opened[$0..<($0 + Self.secretSize)]) }
        }
        func underKMS(_ wrapped: ArraySlice<UInt8>, _ key: String) async throws -> [UInt8] {
            try await services.dataKeys.decrypt(Array(wrapped), under: key, context: repository.encryptionContext)
        }
        func source(_ key: String) -> KMSDataKeys {
            KMSDataKeys(service: services.dataKeys, key: key, context: repository.encryptionContext)
        }
        var rest = sealed.dropFirst()
        switch (sealed.first.flatMap(Kind.init(rawValue:)), repository.encryption) {
        case (.service, .aes256): self.init(try underService(rest))
        case (.serviceWithKMS, .kms(let key)): self.init(try underService(rest), source: source(key))
        case (.serviceWithKMS, .kmsDualLayer(let key)): self.init(try underService(rest, secrets: 2), source: source(key))
        case (.kms, .kms(let key)): self.init([try await underKMS(rest, key)])
        case (.kmsAndService, .kmsDualLayer(let key)):
            guard let wrapped = rest.popCounted() else { throw malformed }
            self.init([try await underKMS(wrapped, key)] + (try underService(rest)))
        default: throw malformed
        }
    }

    /// Whether it was opened without asking KMS, so that it can be remembered.
    static func isOpenedByService(_ sealed: [UInt8]) -> Bool {
        [Kind.service.rawValue, Kind.serviceWithKMS.rawValue].contains(sealed.first)
    }

    // MARK: Data keys

    private static let wrapVersion: UInt8 = 1
    private static let wrapVersionWithKMS: UInt8 = 2
    private static let wrappedSize = MessageKeys.dataKeySize + SmallSeal.overhead

    /// Fresh data keys.
    func newDataKeys(_ ids: any IDSource) -> BlobKeys { BlobKeys(secrets: layers.map { _ in ids.randomBytes(MessageKeys.dataKeySize) }) }

    /// `keys` sealed for `context`. Throws `KeyFailure`.
    func wrap(_ keys: BlobKeys, for context: [UInt8]) async throws -> [UInt8] {
        let besides = try await source?.dataKey(reusing: keys.besides)
        var wrap = besides.map { [Self.wrapVersionWithKMS] + $0.counted } ?? [Self.wrapVersion]
        for (index, (layer, secret)) in zip(layers, keys.secrets).enumerated() {
            let key = layer.wraps.with(index == 0 ? besides : nil)
            wrap += SmallSeal.seal(secret, under: key, for: context + [UInt8(index)])
        }
        return wrap
    }

    /// What was wrapped. Throws `ObjectDamage`, `KeyFailure`.
    func unwrap(_ wrap: [UInt8], for context: [UInt8]) async throws -> BlobKeys {
        let malformed = ObjectDamage("its wrapped key is malformed")
        guard wrap.first == (source == nil ? Self.wrapVersion : Self.wrapVersionWithKMS) else { throw malformed }
        var rest = wrap.dropFirst()
        let besides = try await source?.open(&rest)
        guard rest.count == layers.count * Self.wrappedSize else { throw malformed }
        var secrets: [[UInt8]] = []
        for (index, layer) in layers.enumerated() {
            let key = layer.wraps.with(index == 0 ? besides : nil)
            secrets.append(try SmallSeal.open(Array(rest.prefix(Self.wrappedSize)), under: key, for: context + [UInt8(index)]))
            rest = rest.dropFirst(Self.wrappedSize)
        }
        return BlobKeys(secrets: secrets, besides: besides)
    }

    // MARK: Manifests

    /// A manifest's bytes, sealed. Throws `KeyFailure`.
    func seal(_ payload: [UInt8], for context: [UInt8]) async throws -> [UInt8] {
        let besides = try await source?.dataKey(reusing: nil)
        var bytes = payload
        for (index, layer) in layers.enumerated() {
            bytes = SmallSeal.seal(bytes, under: layer.manifests.with(index == 0 ? besides : nil), for: context)
        }
        return (besides?.counted ?? []) + bytes
    }

    /// What `seal` sealed. Throws `ObjectDamage`, `KeyFailure`.
    func open(_ sealed: [UInt8], for context: [UInt8]) async throws -> [UInt8] {
        var rest = sealed[...]
        let besides = try await source?.open(&rest)
        var bytes = Array(rest)
        for (index, layer) in layers.enumerated().reversed() {
            bytes = try SmallSeal.open(bytes, under: layer.manifests.with(index == 0 ? besides : nil), for: context)
        }
        return bytes
    }
}

extension SymmetricKey {
    /// The key for one thing, for which KMS gave a data key besides.
    fileprivate func with(_ besides: KMSDataKeys.Given?) -> SymmetricKey {
        guard let besides else { return self }
        return HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: besides.dataKey.plaintext), salt: withUnsafeBytes { Array($0) },
            info: Array("berth data key of KMS".utf8),
            outputByteCount: 32)
    }
}

extension RegistryServices {
    /// The key of `repository`, made when it has none yet. Throws `ObjectDamage` for one that cannot be opened.
    func key(of repository: Repository) async throws -> RepositoryKey {
        let sealed: [UInt8]
        if let known = repository.sealedKey { sealed = known } else { sealed = try await makeKey(of: repository) }
        // The state of a KMS key may be another at each request.
        guard RepositoryKey.isOpenedByService(sealed) else { return try await RepositoryKey(sealed, of: repository, self) }
        if let key = repositoryKeys[repository] { return key }
        let key = try await RepositoryKey(sealed, of: repository, self)
        repositoryKeys[repository] = key
        return key
    }

    /// Passes while the KMS key of `repository`, if it has one, can be used. What was opened before the repository got another key goes on under that.
    /// Throws `KeyFailure`.
    func requireUsableKey(of repository: Repository) async throws {
        guard let key = repository.encryption.key else { return }
        do {
            try await dataKeys.requireUsable(key, context: repository.encryptionContext)
        } catch let failure as KeyFailure {
            let now = try await database.read { try $0.repository(rowID: repository.rowID) }
            guard let now, now.under(key: repository.keyNumber) == nil else { throw failure }
            try await requireUsableKey(of: now)
        }
    }

    private func makeKey(of repository: Repository) async throws -> [UInt8] {
        let new = try RepositoryKey.make(for: repository, self)
        return try await database.write { transaction in
            let kept = try transaction.first(
                """
                UPDATE repos SET sealed_key = COALESCE(sealed_key, \(new))
                WHERE id = \(repository.rowID) AND state = 0 AND key_number = \(repository.keyNumber) RETURNING sealed_key
                """
            ) { $0.bytes(0) }
            guard let kept else { throw RegistryError.repositoryNotFound(repository.name, registry: repository.registry) }
            return kept
        }
    }
}
