import AWSCore
import IAM
import KMS
import Stores

/// Removes tags of a key.
struct UntagResource: KMSOperation {
    let keyId: KeyID
    let tagKeys: [Bounded.Text<1, 128>]

    func run(_ call: KMSCall) async throws -> EmptyOutput {
        let names = tagKeys.map(\.value)
        guard names.allSatisfy({ !$0.lowercased().hasPrefix("aws:") }) else { throw KeyFailure(.tag, "Tag keys cannot begin with aws:.") }
        try await call.ring.remove(tags: names, from: call.key(keyId, [ConditionKey.tagKeys: names]).key)
        return EmptyOutput()
    }
}
