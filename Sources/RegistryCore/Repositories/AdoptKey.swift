import IAM
import OCI
import Stores

/// A repository's encryption with the grant by which ECR uses its key.
package struct AdoptedKey: Hashable, Sendable {
    package let encryption: RepositoryEncryption
    /// Nil where there is no key.
    let grant: String?

    package static let none = AdoptedKey(encryption: .aes256, grant: nil)
}

extension Registry {
    /// Finds the key that `request` asks for and has it granted to the registry, by the permissions of the caller of `context`, for a repository that is
    /// to be made. Throws `KeyFailure`, `repositoryExists` before any grant.
    ///
    /// Source: Amazon ECR user guide, "Encryption at rest".
    package func adoptKey(_ request: EncryptionRequest, for name: RepositoryName, _ context: RequestContext) async throws -> AdoptedKey {
        guard case .kms(let key, let isDualLayer) = request else { return .none }
        guard services.encryptsAtRest else {
            throw KeyFailure(.unsupported, "This server does not encrypt what it stores, so that no repository can be under a KMS key.")
        }
        let id = id
        guard try await database.read({ try $0.findRepository(name, in: id) }) == nil else {
            throw RegistryError.repositoryExists(name, registry: id)
        }
        let place = KeyPlace(account: id.account.description, region: id.region.description)
        let found = try await services.dataKeys.key(key ?? "alias/aws/ecr", in: place)
        let encryptionContext = id.encryptionContext(of: name)
        try await services.keyPermission(found, encryptionContext, context)
        switch found.state {
        case .enabled: break
        case .disabled: throw KeyFailure(.disabled, "\(found.arn) is disabled.")
        default: throw KeyFailure(.invalidState, "\(found.arn) is \(found.state.rawValue).")
        }
        // A grant of its own for each attempt: whoever loses a race for the name takes back no other's.
        let grant = try await services.dataKeys.createGrant(on: found.arn, for: encryptionContext, name: "ecr-\(ids.nextID())")
        return AdoptedKey(encryption: isDualLayer ? .kmsDualLayer(key: found.arn) : .kms(key: found.arn), grant: grant)
    }

    /// Makes a repository under an adopted key; when that fails, the key's grant is taken back. Throws what `body` throws.
    func withAdopted<Value>(_ key: AdoptedKey, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            if let arn = key.encryption.key, let grant = key.grant { try await services.dataKeys.retireGrant(grant, on: arn) }
            throw error
        }
    }
}

extension RegistryServices {
    /// Takes back the grants of up to `limit` deleted repositories; how many there were. A key that is gone has no grants.
    package func retireGrants(limit: Int) async throws -> Int {
        let open = try await database.read { transaction in
            try transaction.rows("SELECT id, kms_key, kms_grant FROM repos WHERE state = 1 AND kms_grant IS NOT NULL ORDER BY id LIMIT \(limit)") {
                (id: $0.integer(0), key: $0.text(1), grant: $0.text(2))
            }
        }
        for repository in open { try await retireGrant(repository.grant, on: repository.key, ofRow: repository.id) }
        return open.count
    }

    /// Takes back the grant of a repository that was deleted.
    func retireGrant(_ grant: String, on key: String, ofRow rowID: Int64) async throws {
        do {
            try await dataKeys.retireGrant(grant, on: key)
        } catch let failure as KeyFailure where [.notFound, .invalidState].contains(failure.code) {
            log.debug("a grant is gone with its key", metadata: ["key": "\(key)"])
        }
        try await database.write { try $0.execute("UPDATE repos SET kms_grant = NULL WHERE id = \(rowID)") }
    }
}
