import AWSCore
import Identity
import Stores

/// The output of the operations that list inline policies.
struct PolicyNamesOutput: Encodable, Sendable {
    let policyNames: QueryList<String>
    let isTruncated: Bool
    let marker: String?

    /// The page of `policies`, which `list` has, that is asked for.
    init(_ policies: [InlinePolicy], of list: String, _ marker: Marker?, _ maxItems: MaxItems?, _ context: OperationContext) throws {
        let page = Page(of: policies, after: try context.markers.cursor(of: marker?.value, of: list), limit: maxItems.limit)
        policyNames = QueryList(page.elements.map(\.name))
        isTruncated = page.next != nil
        self.marker = try context.markers.token(after: page.next, of: list)
    }
}
