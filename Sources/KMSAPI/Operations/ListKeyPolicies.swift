import AWSCore
import KMS
import Stores

/// Lists the names of a key's policies, of which there is one.
struct ListKeyPolicies: KMSOperation {
    let keyId: KeyID
    let limit: Limit?
    let marker: Marker?

    func run(_ call: KMSCall) async throws -> ListOutput<String> {
        _ = try limit.checked(most: 1000)
        _ = try await call.key(keyId)
        _ = try call.markers.cursor(of: marker?.value)
        return ListOutput(name: "PolicyNames", elements: ["default"], marker: nil)
    }
}
