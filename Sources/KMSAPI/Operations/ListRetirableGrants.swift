import AWSCore
import KMS
import Stores

/// Lists the grants of the region that a principal of the caller's account may take back.
struct ListRetirableGrants: KMSOperation {
    let limit: Limit?
    let marker: Marker?
    let retiringPrincipal: PrincipalName?
    let retiringServicePrincipal: ServicePrincipal?

    func run(_ call: KMSCall) async throws -> ListOutput<GrantShape> {
        let most = try limit.checked()
        guard (retiringPrincipal == nil) != (retiringServicePrincipal == nil) else {
            throw ConstraintViolation(
                member: "retiringPrincipal", reason: "Exactly one of retiringPrincipal and retiringServicePrincipal must be given")
        }
        try await call.require()
        guard let arn = retiringPrincipal.flatMap({ ARN($0.value) }), arn.account == call.ring.account.description else {
            throw KeyFailure(.accessDenied, "Only the grants that a principal of your own account may retire are listed for you.")
        }
        let retiree = try await call.stored(retiringPrincipal, nil) ?? ""
        let page = try await call.ring.grants(retirableBy: retiree, after: call.markers.cursor(of: marker?.value, of: retiree), limit: most)
        let keys = try await call.ring.arns(ofKeys: Set(page.elements.map(\.keyID)))
        return ListOutput(
            name: "Grants", elements: try await call.shapes(of: page.elements.map { ($0, keys[$0.keyID] ?? $0.keyID) }),
            marker: try call.markers.token(after: page.next, of: retiree))
    }
}
