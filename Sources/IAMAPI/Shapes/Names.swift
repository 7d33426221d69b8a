import AWSCore

/// A checked name.
protocol NameText: Decodable, Sendable {
    var value: String { get }
}

/// The name of a user, group, role or policy: 1 to `most` of `[\w+=,.@-]`.
struct EntityName<let most: Int>: NameText {
    let value: String

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(Bounded.Text<1, most>.self).value
        guard text.utf8.allSatisfy(Self.isAllowed) else {
            throw AWSError.invalid(decoder, "It must contain only alphanumeric characters and/or the following: +=,.@_-")
        }
        value = text
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "+=,.@_-".utf8.contains(byte)
        }
    }
}

/// A new user's or role's name; existing ones are asked for by the longer types.
typealias UserName = EntityName<64>
typealias RoleName = EntityName<64>
typealias ExistingUserName = EntityName<128>
typealias GroupName = EntityName<128>
typealias PolicyName = EntityName<128>

/// The path of an entity, or the beginning of one to list by: `/`, `/team/ci/`.
struct Path: Decodable, Sendable {
    let value: String

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(Bounded.Text<1, 512>.self).value
        guard text.hasPrefix("/"), text.hasSuffix("/"), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw AWSError.invalid(
                decoder, "It must begin and end with / and contain only alphanumeric characters and/or / characters.")
        }
        value = text
    }
}

/// The path of a managed policy, or the beginning of one to list by: as `Path`, of fewer characters.
struct PolicyPath: Decodable, Sendable {
    let value: String

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(Bounded.Text<1, 512>.self).value
        guard text.wholeMatch(of: /((\/[A-Za-z0-9.,+@=_-]+)*)\//) != nil else {
            throw AWSError.invalid(decoder, "It must begin and end with / and contain only alphanumeric characters and/or .,+@=_-/ characters.")
        }
        value = text
    }
}

/// The beginning of paths that are asked for.
struct PathPrefix: Decodable, Sendable {
    let value: String

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(Bounded.Text<1, 512>.self).value
        guard text.hasPrefix("/"), text.utf8.allSatisfy({ (0x21...0x7F).contains($0) }) else {
            throw AWSError.invalid(decoder, "It must begin with / and contain only alphanumeric characters and/or / characters.")
        }
        value = text
    }
}

/// The ARN of a policy or another entity; whether it names one is seen later.
typealias EntityARN = Bounded.Text<20, 2048>

/// The id of an access key: 16 to 128 of `[\w]`.
struct AccessKeyID: Decodable, Sendable {
    let value: String

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(Bounded.Text<16, 128>.self).value
        guard text.wholeMatch(of: /[A-Za-z0-9_]+/) != nil else {
            throw ConstraintViolation(at: decoder, reason: "Member must satisfy regular expression pattern: [\\w]+")
        }
        value = text
    }
}

/// The text of a policy, of which nothing is known but its characters.
struct PolicyText: Decodable, Sendable {
    let value: String

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(Bounded.Text<1, 131_072>.self).value
        let allowed = text.unicodeScalars.allSatisfy { [0x09, 0x0A, 0x0D].contains($0.value) || (0x20...0xFF).contains($0.value) }
        guard allowed else { throw AWSError.invalid(decoder, "It must contain only printable ASCII characters.") }
        value = text
    }
}

extension AWSError {
    /// IAM's own sentence for a value whose characters are refused.
    static func invalid(_ decoder: any Decoder, _ rule: String) -> AWSError {
        let member = decoder.codingPath.last { $0.intValue == nil }?.stringValue ?? ""
        return AWSError("ValidationError", "The specified value for \(member) is invalid. \(rule)")
    }
}
