import AWSCore
import KMS
import Stores

/// Sets the policy of a key.
struct PutKeyPolicy: KMSOperation {
    let keyId: KeyID
    let policyName: PolicyName?
    let policy: PolicyText
    let bypassPolicyLockoutSafetyCheck: Bool?

    func run(_ call: KMSCall) async throws -> EmptyOutput {
        let found = try await call.key(
            keyId, ["kms:BypassPolicyLockoutSafetyCheck": ["\(bypassPolicyLockoutSafetyCheck ?? false)"]])
        try policyName.requireDefault()
        let text = try await call.policy(policy.value, of: found, bypassingSafetyCheck: bypassPolicyLockoutSafetyCheck)
        try await call.ring.set(policy: text, on: found.key)
        return EmptyOutput()
    }
}

extension PolicyName? {
    /// Passes for the one policy that keys have. Throws `notFound`.
    func requireDefault() throws {
        guard let name = self?.value, name != "default" else { return }
        throw KeyFailure(.notFound, "No such policy exists: the only policy of a key is default, not \(name).")
    }
}
