/// A string of which the API takes only some. A type with `init?(_: some StringProtocol)` needs no more than
/// `extension RepositoryName: ConstrainedText { static let constraint = "must satisfy regular expression '…'" }`.
package protocol ConstrainedText: Decodable, Sendable {
    /// What a value must satisfy, in AWS's words; decoding anything else throws a `ConstraintViolation` with it.
    static var constraint: String { get }

    /// The value that `text` writes; nil when it is refused.
    init?(_ text: String)
}

extension ConstrainedText {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(text) else { throw ConstraintViolation(at: decoder, reason: Self.constraint) }
        self = value
    }
}

/// An enumeration of the API, its raw values the wire form.
package protocol ConstrainedEnum: ConstrainedText, CaseIterable, RawRepresentable where RawValue == String {}

extension ConstrainedEnum {
    /// Names all values, in the order of declaration.
    package static var constraint: String {
        "Member must satisfy enum value set: [\(allCases.map(\.rawValue).joined(separator: ", "))]"
    }

    package init?(_ text: String) { self.init(rawValue: text) }

    // RawRepresentable brings a decoding of its own, whose error would not name the values.
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(rawValue: text) else { throw ConstraintViolation(at: decoder, reason: Self.constraint) }
        self = value
    }
}

extension AccountID: ConstrainedText {
    package static let constraint = "must satisfy regular expression '[0-9]{12}'"
}
