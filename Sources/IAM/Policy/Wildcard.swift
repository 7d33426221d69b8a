/// A pattern in which `*` stands for any run of characters and `?` for any one.
package struct Wildcard: Hashable, Sendable {
    private enum Token: Hashable, Sendable {
        case literal(UInt8)
        case one
        case many
    }

    private let tokens: [Token]

    /// True when a wildcard stands before the first slash or colon, in the word that names the type of a resource.
    var hasOpenType: Bool {
        let type = tokens.prefix { $0 != .literal(UInt8(ascii: "/")) && $0 != .literal(UInt8(ascii: ":")) }
        return !isEverything && type.contains { $0 == .one || $0 == .many }
    }

    /// True when the pattern is stars alone.
    package let isEverything: Bool

    /// Reads `pattern` with its wildcards.
    package init(_ pattern: some StringProtocol) {
        tokens = pattern.utf8.reduce(into: []) { tokens, byte in
            switch byte {
            case UInt8(ascii: "*"): if tokens.last != .many { tokens.append(.many) }
            case UInt8(ascii: "?"): tokens.append(.one)
            default: tokens.append(.literal(byte))
            }
        }
        isEverything = tokens == [.many]
    }

    /// Pieces of a pattern: text that stands for itself, and text with wildcards in it.
    init(pieces: [PolicyText.Piece]) {
        tokens = pieces.flatMap { piece -> [Token] in
            switch piece {
            case .literal(let text): text.utf8.map(Token.literal)
            case .pattern(let text): Wildcard(text).tokens
            }
        }
        isEverything = tokens == [.many]
    }

    /// True when all of `text` fits.
    package func matches(_ text: some StringProtocol) -> Bool {
        var steps = 0
        return matches(text, steps: &steps)
    }

    /// As `matches`, and adds to `steps` how often a character was compared. Each star is settled by its first fit, so that is
    /// at most once for each character of the text and each of the longest run between two stars: `*a*a*a*…` cannot explode.
    package func matches(_ text: some StringProtocol, steps: inout Int) -> Bool {
        if isEverything { return true }
        // Without a copy where the text lies in one piece, as nearly every one does: a decision asks this a hundred times.
        if let isMet = text.utf8.withContiguousStorageIfAvailable({ matches($0, &steps) }) { return isMet }
        return Array(text.utf8).withUnsafeBufferPointer { matches($0, &steps) }
    }

    private func matches(_ text: UnsafeBufferPointer<UInt8>, _ steps: inout Int) -> Bool {
        var (token, place) = (0, 0)
        var (star, resume): (Int?, Int) = (nil, 0)
        while place < text.count {
            steps += 1
            if token < tokens.count, tokens[token] == .many {
                star = token
                resume = place
                token += 1
            } else if token < tokens.count, fits(tokens[token], text, &place) {
                token += 1
            } else if let last = star {
                token = last + 1
                resume += 1
                place = resume
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { $0 == .many }
    }

    /// Moves past the character at `place` when `token` fits it; `?` takes a whole character, not a byte of it.
    private func fits(_ token: Token, _ text: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> Bool {
        switch token {
        case .literal(let byte):
            guard text[place] == byte else { return false }
            place += 1
            return true
        case .one:
            place += 1
            while place < text.count, text[place] & 0xC0 == 0x80 { place += 1 }
            return true
        case .many:
            return false
        }
    }
}
