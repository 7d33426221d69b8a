import HTTPTypes
import RegistryCore

/// `/v2/<name>/tags/list`: sorted by bytes, in pages.
extension Call {
    /// The most tags that one answer has.
    static let tagPageSize = 1000

    func listTags() async throws -> DistributionResponse {
        struct TagList: Encodable {
            let name: String
            let tags: [String]
        }
        let size = try query.pageSize(maximum: Self.tagPageSize)
        let page = try await registry.listTags(in: name, after: query["last"], limit: max(size, 1))
        let tags = page.elements.prefix(size).map(\.description)
        var headers: HTTPFields = [:]
        if let last = tags.last, page.next != nil {
            headers[.link] = "<\(path("tags/list"))?last=\(Query.encode(last))&n=\(size)>; rel=\"next\""
        }
        return try .json(TagList(name: fullName, tags: tags), headers: headers)
    }
}
