import AWSCore
import KMS

/// Tells about a key.
struct DescribeKey: KMSOperation {
    let keyId: KeyID
    let grantTokens: GrantTokens?

    func run(_ call: KMSCall) async throws -> KeyMetadataOutput {
        let found = try await call.key(keyId, for: KeyUse(call.action))
        try call.check(grantTokens)
        return KeyMetadataOutput(key: found.key)
    }
}
