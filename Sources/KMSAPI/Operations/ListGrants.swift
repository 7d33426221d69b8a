import AWSCore
import KMS
import Stores

/// Lists the grants on a key.
struct ListGrants: KMSOperation {
    let limit: Limit?
    let marker: Marker?
    let keyId: KeyID
    let grantId: GrantID?
    let granteePrincipal: PrincipalName?
    let granteeServicePrincipal: ServicePrincipal?

    func run(_ call: KMSCall) async throws -> ListOutput<GrantShape> {
        let most = try limit.checked()
        guard granteePrincipal == nil || granteeServicePrincipal == nil else {
            throw ConstraintViolation(member: "granteePrincipal", reason: "Only one of granteePrincipal and granteeServicePrincipal may be given")
        }
        let key = try await call.key(keyId, isCrossAccount: true).key
        let grantee = try await call.stored(granteePrincipal, granteeServicePrincipal)
        let list = "\(key.id) \(grantee ?? "")"
        let page = try await call.ring.grants(
            on: key, id: grantId?.value, grantee: grantee, after: call.markers.cursor(of: marker?.value, of: list), limit: most)
        if let grantId, page.elements.isEmpty { throw KeyFailure(.invalidGrantID, "Grant \(grantId.value) does not exist on \(key.arn).") }
        return ListOutput(
            name: "Grants", elements: try await call.shapes(of: page.elements.map { ($0, key.arn.description) }),
            marker: try call.markers.token(after: page.next, of: list))
    }
}
