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
        var rest = Substring(text)
        while let start = rest.firstRange(of: "/*"), let end = rest[start.upperBound...].firstRange(of: "*/") {
            rendered += rest[..<start.lowerBound]
            let comment = rest[start.lowerBound..<end.upperBound]
            if comment.hasPrefix(marker) {
                rendered += comment.dropFirst(marker.count).dropLast("*/".count)
            } else if !Self.allCases.contains(where: { comment.hasPrefix($0.marker) }) {
                rendered += comment
            }
            rest = rest[end.upperBound...]
        }
        return rendered + rest
    }

    /// The text of `statement` with this engine's placeholders, ready to be prepared.
    package func text(of statement: SQL) -> String {
        let text = statement.text { bind in self == .sqlite ? "?" : "$\(bind)" }
        return text.utf8.contains(UInt8(ascii: "*")) && text.contains("/*") ? render(text) : text
    }
}
