/// A tag: `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`.
///
/// Source: OCI Distribution specification, "Pulling manifests".
package struct ImageTag: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// The tag that `text` writes; nil when it is not one.
    package init?(_ text: some StringProtocol) {
        let utf8 = text.utf8
        guard (1...128).contains(utf8.count), let first = utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-"),
            utf8.allSatisfy(Self.isAllowed)
        else { return nil }
        description = String(text)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"): true
        default: false
        }
    }
}

extension ImageTag: Comparable {
    /// Orders by bytes, as the database does.
    package static func < (left: ImageTag, right: ImageTag) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}

/// What a manifest is asked for by: its digest, or a tag. A digest is tried first, since a tag holds no colon.
package enum Reference: Hashable, Sendable, CustomStringConvertible {
    case digest(Digest)
    case tag(ImageTag)

    /// The reference that `text` writes; nil when it is neither a digest nor a tag.
    package init?(_ text: some StringProtocol) {
        if let digest = Digest(text) {
            self = .digest(digest)
        } else if let tag = ImageTag(text) {
            self = .tag(tag)
        } else {
            return nil
        }
    }

    package var description: String {
        switch self {
        case .digest(let digest): digest.description
        case .tag(let tag): tag.description
        }
    }
}
