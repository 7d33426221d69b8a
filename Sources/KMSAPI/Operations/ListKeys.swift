import AWSCore
import KMS

/// Lists the keys of the account in the region.
struct ListKeys: KMSOperation {
    let limit: Limit?
    let marker: Marker?
    let resourceOwners: Bounded.List<1, 2, ResourceOwner>?

    func run(_ call: KMSCall) async throws -> ListOutput<KeyShape> {
        let most = try limit.checked(most: 1000, otherwise: 100)
        try await call.require()
        // Nobody shares keys by AWS RAM here.
        if let owners = resourceOwners?.values, !owners.contains(.own) { return ListOutput(name: "Keys", elements: [], marker: nil) }
        let page = try await call.ring.keyIDs(after: call.markers.cursor(of: marker?.value), limit: most)
        return ListOutput(
            name: "Keys", elements: page.elements.map { KeyShape(id: $0, arn: call.ring.arn("key/\($0)")) },
            marker: try call.markers.token(after: page.next))
    }
}

/// The model's KeyListEntry.
struct KeyShape: JSONObject {
    let id: String
    let arn: ARN

    func members(_ json: inout JSONWriter) {
        json.member("KeyId", id)
        json.member("KeyArn", arn.description)
    }
}
