import AWSCore
import Identity
import Stores

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

/// The output of the operations that list tags.
struct TagsOutput: Encodable, Sendable {
    let tags: QueryList<Tag>
    let isTruncated: Bool
    let marker: String?

    /// The page of `tags`, which `list` has, that is asked for.
    init(_ tags: [IAMTag], of list: String, _ marker: Marker?, _ maxItems: MaxItems?, _ context: OperationContext) throws {
        let page = Page(of: tags, after: try context.markers.cursor(of: marker?.value, of: list), limit: maxItems.limit)
        self.tags = QueryList(page.elements.map(Tag.init))
        isTruncated = page.next != nil
        self.marker = try context.markers.token(after: page.next, of: list)
    }
}

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
