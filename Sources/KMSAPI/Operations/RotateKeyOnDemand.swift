import AWSCore
import KMS

/// Makes new material for a key now.
struct RotateKeyOnDemand: KMSOperation {
    let keyId: KeyID

    func run(_ call: KMSCall) async throws -> KeyIDOutput {
        let key = try await call.key(keyId).key
        try await call.ring.rotate(key)
        return KeyIDOutput(keyID: key.id)
    }
}
