import AWSCore
import KMS
import Stores

/// Takes a grant back, by those whom the grant names for it and by the account that made it.
struct RetireGrant: KMSOperation {
    let grantToken: Bounded.Text<1, 8192>?
    let keyId: KeyID?
    let grantId: GrantID?
    let dryRun: Bool?

    func run(_ call: KMSCall) async throws -> EmptyOutput {
        let (found, id) = try await named(call)
        let grant = try await call.ring.grant(id, on: found.key)
        try await call.access.requireRetirement(of: grant, on: found, call.request)
        try call.stopIfDry(dryRun)
        try await call.ring.remove(grant, from: found.key)
        return EmptyOutput()
    }

    private func named(_ call: KMSCall) async throws -> (FoundKey, String) {
        switch (grantToken, keyId, grantId) {
        case (let token?, nil, nil):
            let (keyID, grantID) = try call.ring.grantNamed(by: token.value)
            return (try await call.ring.find(anywhere: keyID), grantID)
        case (nil, let keyId?, let grantId?): return (try await call.found(keyId, for: KeyUse(call.action)), grantId.value)
        default:
            throw ConstraintViolation(member: "grantToken", reason: "Either grantToken or both keyId and grantId must be given")
        }
    }
}
