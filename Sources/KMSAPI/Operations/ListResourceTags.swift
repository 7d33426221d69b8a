import AWSCore
import KMS
import Stores

/// Lists the tags of a key.
struct ListResourceTags: KMSOperation {
    let keyId: KeyID
    let limit: Limit?
    let marker: Marker?

    func run(_ call: KMSCall) async throws -> ListOutput<TagShape> {
        let most = try limit.checked(most: 50)
        let found = try await call.key(keyId)
        let start = try call.markers.cursor(of: marker?.value, of: found.key.id)
        let page = Page(found.tags.filter { tag in start.map { $0 < tag.key } ?? true }, limit: most) { $0.key }
        return ListOutput(
            name: "Tags", elements: page.elements.map { TagShape(tag: $0) }, marker: try call.markers.token(after: page.next, of: found.key.id))
    }
}
