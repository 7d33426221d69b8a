import AWSCore

/// A text of letters, digits, `_` and some other characters, as STS's model has many.
struct RuledText<Rule: TextRule>: Decodable, Sendable {
    let value: String

    init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(String.self)
        if value.utf16.count < Rule.length.lowerBound {
            throw ConstraintViolation(at: decoder, reason: "Member must have length greater than or equal to \(Rule.length.lowerBound)")
        }
        if value.utf16.count > Rule.length.upperBound {
            throw ConstraintViolation(at: decoder, reason: "Member must have length less than or equal to \(Rule.length.upperBound)")
        }
        guard Self.isAllowed(value) else {
            throw ConstraintViolation(at: decoder, reason: "Member must satisfy regular expression pattern: \(Rule.pattern)")
        }
    }

    /// True of texts whose characters are all allowed, whatever their length.
    static func isAllowed(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): Rule.takesLetters
            default: Rule.others.utf8.contains(byte)
            }
        }
    }
}

/// What a `RuledText` may be.
protocol TextRule: Sendable {
    static var length: ClosedRange<Int> { get }
    /// The model's, for the sentence of a refusal.
    static var pattern: String { get }
    /// Besides letters, digits and `_`.
    static var others: String { get }
    static var takesLetters: Bool { get }
}

extension TextRule {
    static var takesLetters: Bool { true }
}

/// The name of a role's session, and of who is behind it.
typealias SessionName = RuledText<SessionNameRule>
/// What whoever assumes a role was told by its owner.
typealias ExternalID = RuledText<ExternalIDRule>
/// A device of a second factor.
typealias SerialNumber = RuledText<SerialNumberRule>
/// What the device shows.
typealias TokenCode = RuledText<TokenCodeRule>
typealias FederatedUserName = RuledText<FederatedUserNameRule>

enum SessionNameRule: TextRule {
    static let length = 2...64
    static let pattern = "[\\w+=,.@-]*"
    static let others = "+=,.@-"
}

enum ExternalIDRule: TextRule {
    static let length = 2...1224
    static let pattern = "[\\w+=,.@:\\/-]*"
    static let others = "+=,.@:/-"
}

enum SerialNumberRule: TextRule {
    static let length = 9...256
    static let pattern = "[\\w+=/:,.@-]*"
    static let others = "+=/:,.@-"
}

enum TokenCodeRule: TextRule {
    static let length = 6...6
    static let pattern = "[\\d]*"
    static let others = ""
    static let takesLetters = false
}

enum FederatedUserNameRule: TextRule {
    static let length = 2...32
    static let pattern = "[\\w+=,.@-]*"
    static let others = "+=,.@-"
}
