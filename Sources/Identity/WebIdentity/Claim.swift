/// The value of a claim of a JSON Web Token.
package enum Claim: Codable, Hashable, Sendable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([Claim])
    case object([String: Claim])
    case null

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode([Claim].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: Claim].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .flag(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        case .null: try container.encodeNil()
        }
    }

    /// The texts of this claim, one for a value and each of a list's; nil for what conditions cannot compare.
    var texts: [String]? {
        switch self {
        case .text(let value): [value]
        case .number(let value): [Int64(exactly: value).map(String.init) ?? String(value)]
        case .flag(let value): [String(value)]
        case .list(let values):
            values.allSatisfy { $0.scalar != nil } ? values.compactMap(\.scalar) : nil
        case .object, .null: nil
        }
    }

    private var scalar: String? {
        switch self {
        case .text, .number, .flag: texts?.first
        case .list, .object, .null: nil
        }
    }
}
