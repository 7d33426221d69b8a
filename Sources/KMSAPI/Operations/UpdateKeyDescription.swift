import AWSCore
import KMS

/// Sets the description of a key.
struct UpdateKeyDescription: KMSOperation {
    let keyId: KeyID
    let description: Description

    func run(_ call: KMSCall) async throws -> EmptyOutput {
        try await call.ring.set(description: description.value, on: call.key(keyId).key)
        return EmptyOutput()
    }
}
