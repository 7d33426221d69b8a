import AWSCore
import KMS

/// Lets nobody use a key, from the next request on.
struct DisableKey: KMSOperation {
    let keyId: KeyID

    func run(_ call: KMSCall) async throws -> EmptyOutput {
        try await call.ring.disable(call.key(keyId).key)
        return EmptyOutput()
    }
}
