import Foundation
import JSONText

/// The JSON of a policy as values; keys keep their case, which counts.
enum PolicyJSON: Decodable {
    case text(String)
    case number(String)
    case bool(Bool)
    case null
    case list([PolicyJSON])
    case object([String: PolicyJSON])

    /// Reads a whole document under the rules of `StrictJSON`: no key twice, nothing behind the value.
    init(document: String) throws(MalformedPolicy) {
        do {
            try StrictJSON.check(Array(document.utf8), maximumDepth: 16)
            self = try JSONDecoder().decode(PolicyJSON.self, from: Data(document.utf8))
        } catch let fault as StrictJSON.Fault {
            throw MalformedPolicy("Syntax errors in policy. \(fault)")
        } catch {
            throw MalformedPolicy("Syntax errors in policy.")
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // Text first: nearly all of a policy is.
        if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .number(String(value))
        } else if let value = try? container.decode(Double.self) {
            self = .number(String(value))
        } else if let value = try? container.decode([PolicyJSON].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: PolicyJSON].self))
        }
    }

    /// A single value or a list of them, written as text; nil when anything else is in it.
    var texts: [String]? {
        switch self {
        case .text(let text), .number(let text): [text]
        case .bool(let value): [value ? "true" : "false"]
        case .list(let elements):
            elements.reduce(into: [String]?.some([])) { texts, element in
                if case .list = element { texts = nil }
                guard let more = element.texts else { return texts = nil }
                texts?.append(contentsOf: more)
            }
        case .null, .object: nil
        }
    }
}
