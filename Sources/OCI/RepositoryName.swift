/// The name of a repository, as ECR and the OCI Distribution specification both accept it: 2 to 256 characters,
/// path components of lower-case letters and digits, joined inside by `.`, `_`, `__` or a run of `-`.
package struct RepositoryName: Hashable, Sendable, CustomStringConvertible {
    /// The pattern that ECR's model states (botocore 1.44.5, `RepositoryName`) and its error texts quote.
    package static let pattern =
        #"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*"#

    /// The permitted lengths, in characters.
    package static let lengths = 2...256

    package let description: String

    /// The name that `text` writes; nil when it is not one.
    package init?(_ text: String) {
        let utf8 = Array(text.utf8)
        guard Self.lengths.contains(utf8.count),
            utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy(Self.isComponent)
        else { return nil }
        description = text
    }

    /// As `init(_: String)`.
    package init?(_ text: some StringProtocol) { self.init(String(text)) }

    private static func isComponent(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, let last = bytes.last, isAlphanumeric(first), isAlphanumeric(last) else { return false }
        return bytes.split(whereSeparator: isAlphanumeric).allSatisfy(isSeparator)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isSeparator(_ run: ArraySlice<UInt8>) -> Bool {
        switch run.first {
        case UInt8(ascii: "."): run.count == 1
        case UInt8(ascii: "_"): run.count <= 2 && run.last == UInt8(ascii: "_")
        default: run.allSatisfy { $0 == UInt8(ascii: "-") }
        }
    }
}

extension RepositoryName: Comparable {
    /// Orders by bytes, as the database does.
    package static func < (left: RepositoryName, right: RepositoryName) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}
