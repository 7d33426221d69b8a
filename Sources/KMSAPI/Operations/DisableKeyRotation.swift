import AWSCore
import KMS

/// Ends the automatic rotation of a key.
struct DisableKeyRotation: KMSOperation {
    let keyId: KeyID

    func run(_ call: KMSCall) async throws -> EmptyOutput {
        try await call.ring.disableRotation(of: call.key(keyId).key)
        return EmptyOutput()
    }
}
