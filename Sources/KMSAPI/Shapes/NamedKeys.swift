import AWSCore
import KMS
import Stores

extension KMSCall {
    /// The key of this id or ARN; who may ask for it is still to be decided. Throws `KeyFailure`, `AccessDenied`.
    func found(_ name: KeyID, for use: KeyUse) async throws -> FoundKey {
        try await find(name.value, for: use) { try await ring.find(keyID: name.value) }
    }

    /// The key of a ciphertext, when the caller may use it so. Throws `AccessDenied`, `KeyFailure`.
    func key(of ciphertext: Ciphertext, expected name: KeyID?, for use: KeyUse) async throws -> FoundKey {
        let found = if let name { try await find(name.value, for: use) { try await ring.find(name.value) } } else { try await ring.find(ciphertext) }
        try await access.require(use, of: found, request)
        try ciphertext.require(found.key)
        return found
    }

    /// What is said of a request without ciphertext: it is missing, unless a dry run by the key alone is asked for, which goes through here. Throws
    /// what stands in the way of that.
    func refusalWithoutCiphertext(
        _ modifiers: [DryRunModifier]?, _ dryRun: Bool?, _ name: KeyID?, _ member: String, _ use: KeyUse
    ) async throws -> any Error {
        guard let name, dryRun == true, modifiers?.contains(.ignoreCiphertext) == true else {
            return ConstraintViolation(member: member, reason: "Member must not be null")
        }
        _ = try await key(name, for: use)
        return KeyFailure(.dryRun, "The request would have succeeded, but the DryRun option is set.")
    }
}
