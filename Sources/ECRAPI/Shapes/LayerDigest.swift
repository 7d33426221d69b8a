import AWSCore
import OCI

/// The model's LayerDigest: `<algorithm>:<hex>`. Any algorithm passes; only what is a `Digest` can name a layer or an image.
struct LayerDigest: ConstrainedText, Hashable {
    static let pattern = "[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+"
    static let constraint = "must satisfy regular expression '\(pattern)'"

    let text: String

    /// nil when nothing can have this digest: unknown algorithm, wrong length, capitals.
    var digest: Digest? { Digest(text) }

    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, parts[0].allSatisfy(Self.isAlgorithmCharacter),
            parts[1].allSatisfy(Self.isHexDigit)
        else { return nil }
        self.text = text
    }

    private static func isAlgorithmCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "."): true
        default: false
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}
