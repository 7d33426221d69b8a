import Foundation

/// Any JSON, for requests that break the rules and for answers as they came.
enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// The value that `bytes` write.
    init(bytes: [UInt8]) throws { self = try JSONDecoder().decode(JSON.self, from: Data(bytes)) }

    var bytes: [UInt8] { get throws { Array(try JSONEncoder().encode(self)) } }

    /// For people and for files: members in order of their names, one a line.
    var pretty: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    subscript(member: String) -> JSON? {
        get {
            guard case .object(let members) = self else { return nil }
            return members[member]
        }
        set {
            guard case .object(var members) = self else { return }
            members[member] = newValue
            self = .object(members)
        }
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var elements: [JSON] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    var members: [String: JSON] {
        guard case .object(let members) = self else { return [:] }
        return members
    }

    /// The same with every `${name}` replaced by what is known under that name.
    func filled(with known: [String: String]) -> JSON {
        mapStrings { text in known.reduce(text) { $0.replacing("${\($1.key)}", with: $1.value) } }
    }

    /// All texts at whatever depth, by the names of their members with `prefix` before them.
    func collectTexts(into known: inout [String: String], prefix: String = "") {
        for (name, value) in members {
            if let text = value.text { known[prefix + name] = text } else { value.collectTexts(into: &known, prefix: prefix) }
        }
        for element in elements { element.collectTexts(into: &known, prefix: prefix) }
    }

    /// The same with those members replaced, at whatever depth, that `replacement` has something for.
    func replacingMembers(_ replacement: (_ name: String, _ value: JSON) -> JSON?) -> JSON {
        switch self {
        case .object(let members):
            .object(
                Dictionary(uniqueKeysWithValues: members.map { ($0, replacement($0, $1) ?? $1.replacingMembers(replacement)) }))
        case .array(let elements): .array(elements.map { $0.replacingMembers(replacement) })
        case .null, .bool, .integer, .number, .string: self
        }
    }

    /// The same with every string replaced.
    func mapStrings(_ transform: (String) throws -> String) rethrows -> JSON {
        switch self {
        case .string(let text): .string(try transform(text))
        case .array(let elements): .array(try elements.map { try $0.mapStrings(transform) })
        case .object(let members): .object(try members.mapValues { try $0.mapStrings(transform) })
        case .null, .bool, .integer, .number: self
        }
    }
}

extension JSON: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let integer = try? container.decode(Int.self) {
            self = .integer(integer)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let elements = try? container.decode([JSON].self) {
            self = .array(elements)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let bool): try container.encode(bool)
        case .integer(let integer): try container.encode(integer)
        case .number(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .array(let elements): try container.encode(elements)
        case .object(let members): try container.encode(members)
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    init(stringLiteral text: String) { self = .string(text) }
    init(integerLiteral integer: Int) { self = .integer(integer) }
    init(booleanLiteral bool: Bool) { self = .bool(bool) }
}

extension JSON: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    init(arrayLiteral elements: JSON...) { self = .array(elements) }
    init(dictionaryLiteral members: (String, JSON)...) { self = .object(Dictionary(uniqueKeysWithValues: members)) }
}
