/// A pattern of tags in which `*` stands for any run of characters, up to four times.
package struct TagPattern: Hashable, Sendable, CustomStringConvertible {
    /// The most stars that ECR takes in one pattern.
    package static let maximumStars = 4

    package let description: String
    /// What stands between the stars: one piece more than there are stars.
    private let pieces: [[UInt8]]

    /// Reads `text`; nil when it has too many stars.
    package init?(_ text: String) {
        pieces = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
        guard pieces.count <= Self.maximumStars + 1 else { return nil }
        description = text
    }

    /// True when all of `tag` fits.
    package func matches(_ tag: String) -> Bool {
        let first = pieces[0]
        guard pieces.count > 1, let last = pieces.last else { return tag.utf8.elementsEqual(first) }
        var rest = Array(tag.utf8)[...]
        guard rest.count >= first.count + last.count, rest.starts(with: first), rest.reversed().starts(with: last.reversed()) else { return false }
        rest = rest.dropFirst(first.count).dropLast(last.count)
        // The leftmost place of each piece leaves most room for the others.
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.firstRange(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
