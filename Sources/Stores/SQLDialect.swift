/// An SQL engine, for the little that its text differs in.
///
/// `/*sqlite X*/` and `/*pg X*/` are comments to everyone but the engine they name, which reads `X`.
package enum SQLDialect: Sendable, CaseIterable {
    case sqlite
    case postgres

    private var marker: String { self == .sqlite ? "/*sqlite " : "/*pg " }

    /// `text` with this engine's marked parts laid open and the other engines' taken out. Other comments stay.
    package func render(_ text: String) -> String {
        var rendered = ""
        var rest = text.utf8[...]
        while let start = rest.firstPair("/", "*"), let end = rest[start...].dropFirst(2).firstPair("*", "/") {
            let next = rest.index(end, offsetBy: 2)
            rendered += Substring(rest[..<start])
            let comment = Substring(rest[start..<next])
            if comment.hasPrefix(marker) {
                rendered += comment.dropFirst(marker.count).dropLast("*/".count)
            } else if !Self.allCases.contains(where: { comment.hasPrefix($0.marker) }) {
                rendered += comment
            }
            rest = rest[next...]
        }
        return rendered + Substring(rest)
    }

    /// The text of `statement` with this engine's placeholders, ready to be prepared.
    package func text(of statement: SQL) -> String {
        let text = statement.text { bind in self == .sqlite ? "?" : "$\(bind)" }
        return text.utf8[...].firstPair("/", "*") == nil ? text : render(text)
    }
}

extension Substring.UTF8View {
    /// Where `first` stands right before `second`.
    fileprivate func firstPair(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Index? {
        let pair = (UInt8(ascii: first), UInt8(ascii: second))
        var rest = self
        while let found = rest.firstIndex(of: pair.0) {
            rest = rest[index(after: found)...]
            if rest.first == pair.1 { return found }
        }
        return nil
    }
}
