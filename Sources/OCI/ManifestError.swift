import JSONText

/// Why bytes are not a manifest that Berth accepts: one case for each reason.
package enum ManifestError: Error, Hashable, Sendable, CustomStringConvertible {
    case json(StrictJSON.Fault)
    /// A member that is absent, or has another JSON type than the specification says; `path` is like `layers[0].size`.
    case malformed(path: String)
    /// A member spelled like one of the specification but for its case, which some parsers take for it.
    case ambiguousMember(String)
    /// `schemaVersion` is not 2; nil when absent.
    case schemaVersion(Int?)
    /// Neither the manifest nor the request says what it is.
    case mediaTypeMissing
    /// The manifest says it is one thing, the request another (CVE-2021-41190).
    case mediaTypeMismatch(manifest: MediaType, request: MediaType)
    /// Not of the form of a media type.
    case mediaTypeInvalid(path: String)
    /// The request's media type, which the manifest leaves open, is not one of JSON.
    case mediaTypeNotJSON(MediaType)
    /// Both an image and an index (CVE-2021-41190), or not what its media type says.
    case mixedContent(MediaType)
    case digestInvalid(path: String)
    case sizeNegative(path: String)
    /// The sizes of all descriptors together are more than 2^63 - 1 bytes.
    case sizeOverflow
    /// Embedded `data` that is not base64, or has another digest or size than its descriptor says.
    case dataMismatch(path: String)

    package var description: String {
        switch self {
        case .json(let fault): "The manifest is invalid JSON. \(fault)"
        case .malformed(let path): "The manifest's '\(path)' is missing or has the wrong type."
        case .ambiguousMember(let name): "The manifest's '\(name)' differs from a member of the specification only by case."
        case .schemaVersion(let version): "The manifest's schemaVersion must be 2, not \(version.map(String.init) ?? "absent")."
        case .mediaTypeMissing: "The manifest names no mediaType, and the request has no Content-Type that could stand for it."
        case .mediaTypeMismatch(let manifest, let request):
            "The manifest's mediaType '\(manifest)' is not the '\(request)' that the request declares."
        case .mediaTypeInvalid(let path): "The manifest's '\(path)' is not a media type."
        case .mediaTypeNotJSON(let mediaType): "'\(mediaType)' is not the media type of a manifest."
        case .mixedContent(let mediaType): "A manifest of type '\(mediaType)' cannot have these members: it must be an image or an index, not both."
        case .digestInvalid(let path): "The manifest's '\(path)' is not a sha256 or sha512 digest."
        case .sizeNegative(let path): "The manifest's '\(path)' is negative."
        case .sizeOverflow: "The sizes in the manifest add up to more than 2^63 - 1 bytes."
        case .dataMismatch(let path): "The manifest's '\(path)' does not have the digest and size of its descriptor."
        }
    }
}
