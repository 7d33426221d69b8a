import AWSCore
import KMS

/// Lists the aliases of the account in the region, or of one key.
struct ListAliases: KMSOperation {
    let keyId: KeyID?
    let limit: Limit?
    let marker: Marker?

    func run(_ call: KMSCall) async throws -> ListOutput<AliasShape> {
        let most = try limit.checked()
        try await call.require()
        var key: Key?
        if let keyId { key = try await call.ring.find(keyID: keyId.value).key }
        let page = try await call.ring.aliases(of: key, after: call.markers.cursor(of: marker?.value, of: key?.id ?? ""), limit: most)
        return ListOutput(
            name: "Aliases", elements: page.elements.map { AliasShape(alias: $0, arn: call.ring.arn($0.name)) },
            marker: try call.markers.token(after: page.next, of: key?.id ?? ""))
    }
}

/// The model's AliasListEntry.
struct AliasShape: JSONObject {
    let alias: Alias
    let arn: ARN

    func members(_ json: inout JSONWriter) {
        json.member("AliasName", alias.name)
        json.member("AliasArn", arn.description)
        json.member("TargetKeyId", alias.keyID)
        json.member("CreationDate", milliseconds: alias.createdAt.milliseconds)
        json.member("LastUpdatedDate", milliseconds: alias.updatedAt.milliseconds)
    }
}
