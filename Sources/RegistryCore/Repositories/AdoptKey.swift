import AWSCore
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
        guard case .kms = request else { return .none }
        guard services.encryptsAtRest else {
            throw KeyFailure(.unsupported, "This server does not encrypt what it stores, so that no repository can be under a KMS key.")
        }
        let id = id
        guard try await database.read({ try $0.findRepository(name, in: id) }) == nil else {
            throw RegistryError.repositoryExists(name, registry: id)
        }
        let found = try await permittedKey(request, for: name, context)
        return AdoptedKey(encryption: request.encryption(under: found?.arn), grant: try await grant(on: found, for: name))
    }

    /// The key that `request` asks for, when the caller of `context` may have it granted. Whether there is one, and which, is told only to those who may
    /// ask. Throws `KeyFailure`.
    private func permittedKey(_ request: EncryptionRequest, for name: RepositoryName, _ context: RequestContext) async throws -> KMSKey? {
        let asked = ARN(ofKey: request.key ?? Self.defaultKey, account: id.account, region: id.region)
        let encryptionContext = id.encryptionContext(of: name)
        do {
            guard let found = try await findKey(request) else { return nil }
            try await services.keyPermission(found, asked, encryptionContext, context)
            return found
        } catch let failure as KeyFailure where failure.code == .notFound {
            try await services.keyPermission(nil, asked, encryptionContext, context)
            throw failure
        }
    }

    private static let defaultKey = "alias/aws/ecr"

    /// The key that `request` asks for; nil where it asks for none. Throws `KeyFailure`.
    func findKey(_ request: EncryptionRequest) async throws -> KMSKey? {
        guard case .kms(let key, _) = request else { return nil }
        let place = KeyPlace(account: id.account.description, region: id.region.description)
        return try await services.dataKeys.key(key ?? Self.defaultKey, in: place)
    }

    /// Has the use of `key` for a repository granted to the registry; the grant. Throws `KeyFailure` where the key cannot be used.
    func grant(on key: KMSKey?, for name: RepositoryName) async throws -> String? {
        guard let key else { return nil }
        switch key.state {
        case .enabled: break
        case .disabled: throw KeyFailure(.disabled, "\(key.arn) is disabled.")
        default: throw KeyFailure(.invalidState, "\(key.arn) is \(key.state.rawValue).")
        }
        // A grant of its own for each attempt: whoever loses a race for the name takes back no other's.
        return try await services.dataKeys.createGrant(on: key.arn, for: id.encryptionContext(of: name), name: "ecr-\(ids.nextID())")
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
        return open.count + (try await retireFormerGrants(limit: limit))
    }

    /// Takes back up to `limit` grants on former keys of repositories; how many there were.
    func retireFormerGrants(limit: Int) async throws -> Int {
        let open = try await database.read { transaction in
            try transaction.rows("SELECT kms_key, kms_grant FROM retired_grants ORDER BY kms_key, kms_grant LIMIT \(limit)") {
                (key: $0.text(0), grant: $0.text(1))
            }
        }
        for (key, grant) in open {
            try await retireGrant(grant, on: key)
            try await database.write { try $0.execute("DELETE FROM retired_grants WHERE kms_key = \(key) AND kms_grant = \(grant)") }
        }
        return open.count
    }

    /// Takes back the grant of a repository that was deleted.
    func retireGrant(_ grant: String, on key: String, ofRow rowID: Int64) async throws {
        try await retireGrant(grant, on: key)
        try await database.write { try $0.execute("UPDATE repos SET kms_grant = NULL WHERE id = \(rowID)") }
    }

    private func retireGrant(_ grant: String, on key: String) async throws {
        do {
            try await dataKeys.retireGrant(grant, on: key)
        } catch let failure as KeyFailure where [.notFound, .invalidState].contains(failure.code) {
            log.debug("a grant is gone with its key", metadata: ["key": "\(key)"])
        }
    }
}

extension WriteTransaction {
    /// Has the grant of a key that a repository had taken back.
    func retireGrantLater(of former: Repository) throws {
        guard let key = former.encryption.key, let grant = former.grant else { return }
        try execute("INSERT INTO retired_grants (kms_key, kms_grant) VALUES (\(key), \(grant)) ON CONFLICT (kms_key, kms_grant) DO NOTHING")
    }
}
