import Foundation

/// Where the parts of a policy lie in its text. The text is one that `PolicyDocument` has read; of any other it finds what it can.
package struct PolicyLayout: Sendable {
    /// A place in a text, lines and columns from 1.
    package struct Position: Hashable, Sendable {
        package let line: Int
        package let column: Int
    }

    /// A statement from its first to its last character.
    package struct Span: Hashable, Sendable {
        /// Where AWS's parser stands when it comes to the statement: behind the bracket before the first one of a list, behind
        /// the end of the one before for any other, behind the brace of one that is not in a list.
        package let start: Position
        /// Behind the closing brace.
        package let end: Position
    }

    private let text: [UInt8]
    private let marks: PolicyScanner

    package init(of json: String) {
        text = Array(json.utf8)
        var scanner = PolicyScanner(text: text)
        scanner.value(at: [])
        marks = scanner
    }

    /// Each statement, in the order of the document.
    package var statements: [Span] {
        marks.statements.map { Span(start: position(of: $0.lowerBound), end: position(of: $0.upperBound)) }
    }

    /// The text with each principal of kind `AWS` replaced by what `replacement` makes of it; nil leaves it as it is.
    package func replacingPrincipals(_ replacement: (String) throws -> String?) throws -> String {
        var result: [UInt8] = []
        var copied = 0
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        for range in marks.principals {
            let principal = try JSONDecoder().decode(String.self, from: Data(text[range]))
            guard let other = try replacement(principal) else { continue }
            result += text[copied..<range.lowerBound]
            result += try encoder.encode(other)
            copied = range.upperBound
        }
        return String(decoding: result + text[copied...], as: UTF8.self)
    }

    private func position(of offset: Int) -> Position {
        let before = text[..<offset]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return Position(
            line: before.count { $0 == UInt8(ascii: "\n") } + 1,
            column: String(decoding: text[lineStart..<offset], as: UTF8.self).unicodeScalars.count + 1)
    }
}

/// Walks over JSON once and notes where statements and principals lie.
private struct PolicyScanner: Sendable {
    let text: [UInt8]
    private(set) var statements: [Range<Int>] = []
    /// Strings with their quotes.
    private(set) var principals: [Range<Int>] = []
    private var place = 0
    /// Behind the last character that is neither blank, comma nor colon.
    private var lastToken = 0

    init(text: [UInt8]) { self.text = text }

    /// Passes one value; `path` is the keys that lead to it.
    mutating func value(at path: [String]) {
        skip(", :\n\r\t")
        guard place < text.count else { return }
        switch text[place] {
        case UInt8(ascii: "{"): object(at: path)
        case UInt8(ascii: "["): list(at: path)
        case UInt8(ascii: "\""):
            let token = string()
            if path == ["Statement", "Principal", "AWS"] || path == ["Statement", "NotPrincipal", "AWS"] { principals.append(token) }
        default: advance { ",]} \n\r\t".utf8.contains($0) }
        }
        lastToken = place
    }

    private mutating func object(at path: [String]) {
        let isInList = lastToken > 0 && text[..<place].last { !" \n\r\t".utf8.contains($0) } != UInt8(ascii: ":")
        place += 1
        let start = isInList ? lastToken : place
        while place < text.count {
            skip(", \n\r\t")
            guard place < text.count, text[place] == UInt8(ascii: "\"") else { break }
            let key = key(string())
            value(at: path + [key])
        }
        place = min(place + 1, text.count)
        if path == ["Statement"] { statements.append(start..<place) }
    }

    private mutating func list(at path: [String]) {
        place += 1
        lastToken = place
        while place < text.count {
            skip(", \n\r\t")
            guard place < text.count, text[place] != UInt8(ascii: "]") else { break }
            let before = place
            value(at: path)
            // Of a text that is no JSON, such as "[}", nothing more can be said.
            guard place > before else { break }
        }
        place = min(place + 1, text.count)
    }

    private mutating func string() -> Range<Int> {
        let start = place
        place += 1
        while place < text.count, text[place] != UInt8(ascii: "\"") { place += text[place] == UInt8(ascii: "\\") ? 2 : 1 }
        place = min(place + 1, text.count)
        return start..<place
    }

    private func key(_ token: Range<Int>) -> String {
        (try? JSONDecoder().decode(String.self, from: Data(text[token]))) ?? ""
    }

    private mutating func skip(_ characters: String) {
        advance { !characters.utf8.contains($0) }
    }

    private mutating func advance(until isEnd: (UInt8) -> Bool) {
        while place < text.count, !isEnd(text[place]) { place += 1 }
    }
}
