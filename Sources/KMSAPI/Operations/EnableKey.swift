import AWSCore
import KMS

/// Lets a key be used again.
struct EnableKey: KMSOperation {
    let keyId: KeyID

    func run(_ call: KMSCall) async throws -> EmptyOutput {
        try await call.ring.enable(call.key(keyId).key)
        return EmptyOutput()
    }
}
