import HTTPTypes
import OCI
import RegistryCore
import Stores

/// `/v2/<name>/referrers/<digest>`: an index of the manifests whose subject is a digest, known or not.
extension Call {
    /// The most descriptors that one answer has, and the most bytes of annotations, beyond the first descriptor's.
    static let referrerPageSize = 100
    static let referrerPageBytes = 4 << 20

    func listReferrers(_ subject: Digest) async throws -> DistributionResponse {
        let types = query.values(of: "artifactType")
        let size = max(try query.pageSize(maximum: Self.referrerPageSize), 1)
        let page = try await registry.referrers(of: subject, in: name, artifactTypes: types, after: try referrerCursor(), limit: size)
        let shown = Self.prefix(of: page.elements)

        var headers: HTTPFields = [:]
        if !types.isEmpty { headers[.ociFiltersApplied] = "artifactType" }
        if let last = shown.last, shown.count < page.elements.count || page.next != nil {
            let filter = types.map { "artifactType=\(Query.encode($0))&" }.joined()
            let after = "\(last.cursor.pushedAt.milliseconds).\(last.cursor.rowID)"
            headers[.link] = "<\(path("referrers/\(subject)"))?\(filter)after=\(after)&n=\(size)>; rel=\"next\""
        }
        return try .json(ReferrerIndex(manifests: shown.map(ReferrerIndex.Entry.init)), type: MediaType.ociIndex.description, headers: headers)
    }

    /// Annotations have no limit of their own, so that of an answer is their sum.
    private static func prefix(of referrers: [Referrer]) -> ArraySlice<Referrer> {
        var bytes = 0
        for (index, referrer) in referrers.enumerated() {
            bytes += referrer.annotations.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
            if bytes > referrerPageBytes && index > 0 { return referrers[..<index] }
        }
        return referrers[...]
    }

    /// The place that the `Link` of the page before gave.
    private func referrerCursor() throws(DistributionError) -> ImageCursor? {
        guard let text = query["after"] else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let moment = Int64(parts[0]), let rowID = Int64(parts[1]) else { throw .cursorInvalid }
        return ImageCursor(pushedAt: Timestamp(milliseconds: moment), rowID: rowID, tag: nil)
    }
}

private struct ReferrerIndex: Encodable {
    struct Entry: Encodable {
        let mediaType: String
        let digest: String
        let size: Int64
        let artifactType: String?
        let annotations: [String: String]?

        init(_ referrer: Referrer) {
            mediaType = referrer.mediaType.description
            digest = referrer.digest.description
            size = referrer.size
            artifactType = referrer.artifactType
            annotations = referrer.annotations.isEmpty ? nil : referrer.annotations
        }
    }

    let schemaVersion = 2
    let mediaType = MediaType.ociIndex.description
    let manifests: [Entry]
}
