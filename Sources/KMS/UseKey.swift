import AWSCore
import Crypto
import Stores

/// A key as it is asked for: by whom matters only to services, who use it by their grants alone.
struct UseOfKey: Hashable, Sendable {
    let name: KeyName
    /// Nil: the grants are of no interest.
    let service: String?
    /// See `GrantConstraints.scope`.
    let scope: String
}

/// A key with its secrets, as it was at one state of the database.
struct UsableKey: Sendable {
    let key: Key
    let secrets: [String: SymmetricKey]
    let grants: [Grant]
}

extension KeyRing {
    /// Encrypts at most 4,096 bytes under the newest material of a key. Throws `disabled`, `invalidState`.
    package func encrypt(_ plaintext: [UInt8], under key: Key, context: EncryptionContext) async throws -> [UInt8] {
        try await usable(UseOfKey(name: .key(id: key.id, account: key.account, region: key.region), service: nil, scope: ""))
            .encrypt(plaintext, context)
    }

    /// What `encrypt` was given. Throws `disabled`, `invalidState`, `invalidCiphertext`.
    package func decrypt(_ ciphertext: Ciphertext, under key: Key, context: EncryptionContext) async throws -> [UInt8] {
        try await usable(UseOfKey(name: .key(id: key.id, account: key.account, region: key.region), service: nil, scope: ""))
            .decrypt(ciphertext, context)
    }

    /// `count` unpredictable bytes.
    package func random(_ count: Int) -> [UInt8] { SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Array($0) } }

    /// The key that a ciphertext was made with. Throws `accessDenied` when it is not here.
    package func find(_ ciphertext: Ciphertext) async throws -> FoundKey {
        let key = try await database.read { try $0.key(id: ciphertext.keyID) }
        guard let key, key.region == region else {
            throw KeyFailure(
                .accessDenied,
                "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access."
            )
        }
        return try await find(.key(id: key.id, account: key.account, region: key.region))
    }

    /// A key that can be used, as it is now; remembered until the next commit. Throws `notFound`, `disabled`, `invalidState`.
    func usable(_ use: UseOfKey) async throws -> UsableKey {
        let keys = services.keys
        return try await services.usableReads.value(for: use, in: database) { transaction in
            let key = try transaction.key(use.name)
            try key.requireEnabled()
            let secrets = try transaction.materials(of: key).map { ($0.id, try $0.open(keys)) }
            return UsableKey(
                key: key, secrets: Dictionary(secrets) { first, _ in first },
                grants: try use.service.map { try transaction.grants(on: key.id, to: [$0], scope: use.scope) } ?? [])
        }
    }
}

extension Ciphertext {
    /// Passes when it was made with `key`. Throws `incorrectKey`.
    package func require(_ key: Key) throws {
        guard key.id == keyID else {
            throw KeyFailure(.incorrectKey, "The key ID in the request does not identify a CMK that can perform this operation.")
        }
    }
}

extension UsableKey {
    func encrypt(_ plaintext: [UInt8], _ context: EncryptionContext) throws -> [UInt8] {
        guard let secret = secrets[key.material] else { throw KeyFailure(.unavailable, "The material of \(key.arn) is missing.") }
        return try Ciphertext.sealing(plaintext, under: key, secret, context)
    }

    func decrypt(_ ciphertext: Ciphertext, _ context: EncryptionContext) throws -> [UInt8] {
        guard ciphertext.keyID == key.id, let secret = secrets[ciphertext.material] else { throw Ciphertext.failure }
        return try ciphertext.open(secret, context)
    }
}
