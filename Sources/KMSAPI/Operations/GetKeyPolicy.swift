import AWSCore
import KMS

/// Gives the policy of a key.
struct GetKeyPolicy: KMSOperation {
    let keyId: KeyID
    let policyName: PolicyName?

    func run(_ call: KMSCall) async throws -> Output {
        let key = try await call.key(keyId).key
        try policyName.requireDefault()
        return Output(policy: try await call.principals.show(key.policy, as: .container))
    }

    struct Output: JSONObject {
        let policy: String

        func members(_ json: inout JSONWriter) {
            json.member("Policy", policy)
            json.member("PolicyName", "default")
        }
    }
}
