/// A check of JSON text that is stricter than parsers are, so that no two of them can read it differently: valid UTF-8,
/// RFC 8259 to the letter, no key twice in one object, nothing after the value, and no deeper than stated.
///
/// It does not recurse, so nesting costs no stack.
package enum StrictJSON {
    /// What is wrong with a text.
    package enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
        case invalidUTF8
        /// No JSON, or cut off; the offset is where it stops being JSON, in bytes.
        case syntax(offset: Int)
        case tooDeep(limit: Int)
        case duplicateKey(String)
        case trailingBytes(offset: Int)

        package var description: String {
            switch self {
            case .invalidUTF8: "The text is not valid UTF-8."
            case .syntax(let offset): "The text is not JSON at byte \(offset)."
            case .tooDeep(let limit): "The JSON is nested deeper than \(limit) levels."
            case .duplicateKey(let key): "The key '\(key)' occurs twice in one JSON object."
            case .trailingBytes(let offset): "The JSON value ends at byte \(offset), but more follows."
            }
        }
    }

    /// The deepest nesting of arrays and objects that a manifest may have.
    package static let maximumDepth = 32

    /// Passes when `text` is one JSON value under the rules above.
    package static func check(_ text: [UInt8], maximumDepth: Int = maximumDepth) throws(Fault) {
        guard String(validating: text, as: UTF8.self) != nil else { throw .invalidUTF8 }
        var scanner = JSONScanner(text: text, maximumDepth: maximumDepth)
        try scanner.scan()
    }
}
