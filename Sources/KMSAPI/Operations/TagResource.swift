import AWSCore
import KMS

/// Adds tags to a key, or replaces their values.
struct TagResource: KMSOperation {
    let keyId: KeyID
    let tags: [Tag]

    func run(_ call: KMSCall) async throws -> EmptyOutput {
        let checked = try tags.checked()
        try await call.ring.add(checked, to: call.key(keyId, tags.requestFacts).key)
        return EmptyOutput()
    }
}
