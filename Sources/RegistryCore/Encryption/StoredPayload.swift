import OCI
import SealedObjects
import Stores

/// The bytes of a manifest as the database has them.
struct StoredPayload: Hashable, Sendable {
    let bytes: [UInt8]
    let isSealed: Bool
}

extension RegistryServices {
    /// What of a manifest is to be written for `repository`. Throws `KeyFailure`.
    func seal(_ payload: [UInt8], of digest: Digest, in repository: Repository) async throws -> StoredPayload {
        guard encryptsAtRest else { return StoredPayload(bytes: payload, isSealed: false) }
        let sealed = try await key(of: repository).seal(payload, for: SealContext.manifest(digest, in: repository))
        return StoredPayload(bytes: sealed, isSealed: true)
    }

    /// The manifest that was sealed. Throws `BlobStoreError.failed` for one that is not as it was sealed, `KeyFailure`.
    func open(_ payload: StoredPayload, of digest: Digest, in repository: Repository) async throws -> [UInt8] {
        guard payload.isSealed else { return payload.bytes }
        do {
            return try await key(of: repository).open(payload.bytes, for: SealContext.manifest(digest, in: repository))
        } catch let damage as ObjectDamage {
            log.error("a manifest is damaged", metadata: ["digest": "\(digest)", "repository": "\(repository.name)", "reason": "\(damage.reason)"])
            throw BlobStoreError.failed("manifest \(digest) of \(repository.name): \(damage.reason)")
        }
    }
}
