import AWSCore

/// The model's KeyIdType: an id, an ARN, or an alias where the operation takes one.
typealias KeyID = Bounded.Text<1, 2048>
/// The model's EncryptionContextType.
typealias EncryptionContextShape = [String: String]
/// The model's GrantTokenList.
typealias GrantTokens = Bounded.List<0, 10, Bounded.Text<1, 8192>>
typealias GrantID = Bounded.Text<1, 128>
/// The model's LimitType.
typealias Limit = Bounded.Integer<1, 1000>
typealias Description = Bounded.Text<0, 8192>
typealias CiphertextBlob = Bounded.Bytes<1, 6144>
typealias Plaintext = Bounded.Bytes<1, 4096>
typealias NumberOfBytes = Bounded.Integer<1, 1024>
typealias RotationPeriod = Bounded.Integer<90, 2560>

extension Limit? {
    /// What is asked for, or what an operation gives by itself. Throws `ConstraintViolation` over the most that it gives.
    func checked(most: Int = 100, otherwise: Int = 50) throws -> Int {
        guard let limit = self?.value else { return otherwise }
        guard limit <= most else {
            throw ConstraintViolation(member: "limit", reason: "Member must have value less than or equal to \(most)")
        }
        return limit
    }
}

/// A text of the model with a length and a pattern.
struct Patterned<Rule: TextRule>: Decodable, Sendable {
    let value: String

    init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(String.self)
        let count = value.utf16.count
        if count < Rule.lengths.lowerBound {
            throw ConstraintViolation(at: decoder, reason: "Member must have length greater than or equal to \(Rule.lengths.lowerBound)")
        }
        if count > Rule.lengths.upperBound {
            throw ConstraintViolation(at: decoder, reason: "Member must have length less than or equal to \(Rule.lengths.upperBound)")
        }
        guard value.unicodeScalars.allSatisfy(Rule.allows) else {
            throw ConstraintViolation(at: decoder, reason: "Member must satisfy regular expression pattern: \(Rule.pattern)")
        }
    }
}

/// What a text of the model must be.
protocol TextRule: Sendable {
    static var lengths: ClosedRange<Int> { get }
    /// The model's, for error texts.
    static var pattern: String { get }
    static func allows(_ scalar: Unicode.Scalar) -> Bool
}

extension Unicode.Scalar {
    fileprivate var isWord: Bool { isASCII && (properties.isAlphabetic || properties.numericType != nil || self == "_") }
}

enum NameRule: TextRule {
    static let lengths = 1...256
    static let pattern = "^[a-zA-Z0-9:/_-]+$"
    static func allows(_ scalar: Unicode.Scalar) -> Bool { scalar.isWord || ":/-".unicodeScalars.contains(scalar) }
}

enum PrincipalRule: TextRule {
    static let lengths = 1...256
    static let pattern = "^[\\w+=,.@:/-]+$"
    static func allows(_ scalar: Unicode.Scalar) -> Bool { scalar.isWord || "+=,.@:/-".unicodeScalars.contains(scalar) }
}

enum MarkerRule: TextRule {
    static let lengths = 1...1024
    static let pattern = "[\\u0020-\\u00FF]*"
    static func allows(_ scalar: Unicode.Scalar) -> Bool { (0x20...0xff).contains(scalar.value) }
}

enum PolicyRule: TextRule {
    static let lengths = 1...131_072
    static let pattern = "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"
    static func allows(_ scalar: Unicode.Scalar) -> Bool { [9, 10, 13].contains(scalar.value) || MarkerRule.allows(scalar) }
}

enum PolicyNameRule: TextRule {
    static let lengths = 1...128
    static let pattern = "[\\w]+"
    static func allows(_ scalar: Unicode.Scalar) -> Bool { scalar.isWord }
}

typealias AliasName = Patterned<NameRule>
typealias GrantName = Patterned<NameRule>
typealias PrincipalName = Patterned<PrincipalRule>
typealias Marker = Patterned<MarkerRule>
typealias PolicyText = Patterned<PolicyRule>
typealias PolicyName = Patterned<PolicyNameRule>

/// The name of a service, such as `ecr.amazonaws.com`.
struct ServicePrincipal: ConstrainedText {
    static let constraint = #"Member must satisfy regular expression pattern: ^([A-Za-z0-9\-]+)\.([A-Za-z0-9\-]+)(\.[A-Za-z0-9\-]+)+$"#
    let value: String

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...128).contains(text.utf16.count), parts.count >= 3,
            parts.allSatisfy({ part in !part.isEmpty && part.unicodeScalars.allSatisfy { $0 == "-" || $0.isWord && $0 != "_" } })
        else { return nil }
        value = text
    }
}
