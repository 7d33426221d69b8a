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
        let (found, grant) = try await named(call)
        try await call.access.requireRetirement(of: grant, on: found, call.request)
        try call.stopIfDry(dryRun)
        try await call.ring.remove(grant, from: found.key)
        return EmptyOutput()
    }

    private func named(_ call: KMSCall) async throws -> (FoundKey, Grant) {
        switch (grantToken, keyId, grantId) {
        case (let token?, nil, nil):
            let (keyID, grantID) = try call.ring.grantNamed(by: token.value)
            let found = try await call.ring.find(anywhere: keyID)
            return (found, try await call.ring.grant(grantID, on: found.key))
        case (nil, let keyId?, let grantId?):
            return try await call.find(keyId.value, for: KeyUse(call.action)) {
                let found = try await call.ring.find(keyID: keyId.value)
                return (found, try await call.ring.grant(grantId.value, on: found.key))
            }
        default:
            throw ConstraintViolation(member: "grantToken", reason: "Either grantToken or both keyId and grantId must be given")
        }
    }
}
