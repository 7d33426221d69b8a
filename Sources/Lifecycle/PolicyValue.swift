import Foundation
import JSONText

/// The JSON of a policy as values.
enum PolicyValue: Decodable {
    case text(String)
    case integer(Int)
    case number(Double)
    case bool(Bool)
    case null
    case list([PolicyValue])
    case object([String: PolicyValue])

    /// Reads a whole document under the rules of `StrictJSON`; nil when it is not JSON by them.
    init?(document: String) {
        do {
            try StrictJSON.check(Array(document.utf8), maximumDepth: 8)
            self = try JSONDecoder().decode(PolicyValue.self, from: Data(document.utf8))
        } catch {
            return nil
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode([PolicyValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: PolicyValue].self))
        }
    }

    /// The name of the type in JSON schemas.
    var typeName: String {
        switch self {
        case .text: "string"
        case .integer: "integer"
        case .number: "number"
        case .bool: "boolean"
        case .null: "null"
        case .list: "array"
        case .object: "object"
        }
    }
}
