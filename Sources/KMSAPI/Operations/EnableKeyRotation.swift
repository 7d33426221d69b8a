import AWSCore
import KMS

/// Has new material made for a key at regular times.
struct EnableKeyRotation: KMSOperation {
    let keyId: KeyID
    let rotationPeriodInDays: RotationPeriod?

    func run(_ call: KMSCall) async throws -> EmptyOutput {
        let facts = rotationPeriodInDays.map { ["kms:RotationPeriodInDays": [String($0.value)]] } ?? [:]
        try await call.ring.enableRotation(of: call.key(keyId, facts).key, days: rotationPeriodInDays?.value)
        return EmptyOutput()
    }
}
