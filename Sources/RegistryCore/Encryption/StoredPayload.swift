import OCI
import SealedObjects
import Stores

/// The bytes of a manifest as the database has them.
struct StoredPayload: Hashable, Sendable {
    let bytes: [UInt8]
    /// The number of the repository's key that it is under; 0 where it is plain.
    let keyNumber: Int64

    var isSealed: Bool { keyNumber != 0 }
}

extension RegistryServices {
    /// What of a manifest is to be written for `repository`. Throws `KeyFailure`.
    func seal(_ payload: [UInt8], of digest: Digest, in repository: Repository) async throws -> StoredPayload {
        guard encryptsAtRest else { return StoredPayload(bytes: payload, keyNumber: 0) }
        let sealed = try await key(of: repository).seal(payload, for: SealContext.manifest(digest, in: repository))
        return StoredPayload(bytes: sealed, keyNumber: repository.keyNumber)
    }

    /// The manifest that was stored. Throws `BlobStoreError.failed` for one that is not as it was, `KeyFailure`.
    func open(_ payload: StoredPayload, of digest: Digest, in repository: Repository) async throws -> [UInt8] {
        do {
            guard payload.isSealed else {
                // Nothing but its digest tells that a plain one, or what is said to be one, is as it was.
                guard Digest.of(payload.bytes, by: digest.algorithm) == digest else { throw ObjectDamage("it has other bytes than its digest says") }
                return payload.bytes
            }
            guard let repository = repository.under(key: payload.keyNumber) else {
                throw ObjectDamage("it is under a key that is not there any more")
            }
            return try await key(of: repository).open(payload.bytes, for: SealContext.manifest(digest, in: repository))
        } catch let damage as ObjectDamage {
            log.error("a manifest is damaged", metadata: ["digest": "\(digest)", "repository": "\(repository.name)", "reason": "\(damage.reason)"])
            throw BlobStoreError.failed("manifest \(digest) of \(repository.name): \(damage.reason)")
        }
    }
}
