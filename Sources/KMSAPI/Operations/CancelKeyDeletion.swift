import AWSCore
import KMS

/// Keeps a key that waits for its deletion, disabled.
struct CancelKeyDeletion: KMSOperation {
    let keyId: KeyID

    func run(_ call: KMSCall) async throws -> KeyIDOutput {
        let key = try await call.key(keyId).key
        try await call.ring.cancelDeletion(of: key)
        return KeyIDOutput(keyID: key.arn.description)
    }
}
