import HTTPTypes
import OCI

extension HTTPField.Name {
    static let dockerContentDigest = literal("Docker-Content-Digest")
    static let dockerDistributionAPIVersion = literal("Docker-Distribution-Api-Version")
    static let dockerUploadUUID = literal("Docker-Upload-UUID")
    static let link = literal("Link")
    static let ociFiltersApplied = literal("OCI-Filters-Applied")
    static let ociSubject = literal("OCI-Subject")
    static let ociTag = literal("OCI-Tag")

    private static func literal(_ text: StaticString) -> HTTPField.Name {
        guard let name = HTTPField.Name(text.description) else { preconditionFailure("\(text) is not the name of a header") }
        return name
    }
}

extension HTTPFields {
    /// The strong entity tag of content that never changes under its digest.
    static func entityTag(of digest: Digest) -> String { "\"\(digest)\"" }

    /// True when If-None-Match names the content (RFC 9110 §13.1.2).
    func noneMatchNames(_ digest: Digest) -> Bool {
        self[values: .ifNoneMatch].flatMap { $0.split(separator: ",") }.contains { text in
            let tag = text.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
            return tag == "*" || tag == Self.entityTag(of: digest) || tag == "W/" + Self.entityTag(of: digest)
        }
    }
}

extension HTTPResponse.Status {
    /// RFC 4918 §11.5.
    static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}
