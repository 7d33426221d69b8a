import SealedObjects
import Stores

/// The data keys that the objects and manifests of one repository take of KMS: another one for each, with ECR's encryption context.
///
/// Source: Amazon ECR user guide, "Encryption at rest".
struct KMSDataKeys: Sendable {
    /// A data key, and for whom it was given.
    struct Given: Sendable {
        let dataKey: DataKey
        fileprivate let key: String
        fileprivate let context: EncryptionContext

        /// The form in which it is stored, after its length.
        var counted: [UInt8] { dataKey.wrapped.counted }
    }

    let service: any DataKeys
    /// The ARN of the KMS key.
    let key: String
    let context: EncryptionContext

    /// `given` if it is of this key and repository, and the key can be used still; a fresh one otherwise. Throws `KeyFailure`.
    func dataKey(reusing given: Given?) async throws -> Given {
        if let given, given.key == key, given.context == context {
            try await service.requireUsable(key, context: context)
            return given
        }
        return Given(dataKey: try await service.generateDataKey(under: key, context: context), key: key, context: context)
    }

    /// The data key that `bytes` begins with, which is taken off. Throws `ObjectDamage`, `KeyFailure`.
    func open(_ bytes: inout ArraySlice<UInt8>) async throws -> Given {
        guard let wrapped = bytes.popCounted().map({ Array($0) }) else { throw ObjectDamage("its data key of KMS is malformed") }
        do {
            let plaintext = try await service.decrypt(wrapped, under: key, context: context)
            return Given(dataKey: DataKey(plaintext: plaintext, wrapped: wrapped), key: key, context: context)
        } catch let failure as KeyFailure where failure.code == .invalidCiphertext {
            throw ObjectDamage("KMS does not know its data key: \(failure.message)")
        }
    }
}
