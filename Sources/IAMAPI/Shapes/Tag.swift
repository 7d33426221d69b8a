import AWSCore
import Identity

/// The model's Tag, of an entity.
struct Tag: Codable, Sendable {
    let key: TagKey
    let value: TagValue

    init(key: TagKey, value: TagValue) {
        self.key = key
        self.value = value
    }

    init(_ tag: IAMTag) { self.init(key: TagKey(tag.key), value: TagValue(tag.value)) }
}

/// The key of a tag.
struct TagKey: Codable, Hashable, Sendable {
    let value: String

    init(_ value: String) { self.value = value }

    init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(Bounded.Text<1, 128>.self).value
        try value.requireTagCharacters(decoder, repeated: "+")
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

/// The value of a tag, which may be empty.
struct TagValue: Codable, Sendable {
    let value: String

    init(_ value: String) { self.value = value }

    init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(Bounded.Text<0, 256>.self).value
        try value.requireTagCharacters(decoder, repeated: "*")
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

/// The model's tagListType and tagKeyListType.
typealias TagList = Bounded.List<0, 50, Tag>
typealias TagKeyList = Bounded.List<0, 50, TagKey>

extension String {
    /// `[\p{L}\p{Z}\p{N}_.:/=+\-@]`
    fileprivate func requireTagCharacters(_ decoder: any Decoder, repeated: String) throws(ConstraintViolation) {
        let isAllowed = unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
            case .decimalNumber, .letterNumber, .otherNumber: true
            case .spaceSeparator, .lineSeparator, .paragraphSeparator: true
            default: "_.:/=+-@".unicodeScalars.contains(scalar)
            }
        }
        guard isAllowed else {
            throw ConstraintViolation(
                at: decoder, reason: "Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]\(repeated)")
        }
    }
}
