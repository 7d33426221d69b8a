import AWSCore
import KMS

/// Takes a grant back, by who may change the key's permissions.
struct RevokeGrant: KMSOperation {
    let keyId: KeyID
    let grantId: GrantID
    let dryRun: Bool?

    func run(_ call: KMSCall) async throws -> EmptyOutput {
        let key = try await call.key(keyId, isCrossAccount: true).key
        let grant = try await call.ring.grant(grantId.value, on: key)
        try call.stopIfDry(dryRun)
        try await call.ring.remove(grant, from: key)
        return EmptyOutput()
    }
}
