import AWSCore
import IAM
import RegistryCore

/// The model's Tag, of a repository: a key and a value.
struct Tag: Decodable, Hashable, Sendable {
    let key: String
    let value: String

    enum CodingKeys: String, CodingKey {
        case key = "Key"
        case value = "Value"
    }
}

extension [Tag] {
    /// What conditions may ask of a request that sets these tags.
    var requestFacts: [String: [String]] {
        guard !isEmpty else { return [:] }
        let values = map { (ConditionKey.requestTag($0.key), [$0.value]) }
        return Dictionary(values + [(ConditionKey.tagKeys, map(\.key))], uniquingKeysWith: { $1 })
    }

    /// The tags, checked. Throws `InvalidTagParameterException`.
    func checked() throws -> [ResourceTag] {
        if let fault { throw AWSError("InvalidTagParameterException", "An invalid parameter has been specified. \(fault)") }
        return stored
    }

    var stored: [ResourceTag] { map { ResourceTag(key: $0.key, value: $0.value) } }

    /// What is wrong with them by the rules that all AWS services share: lengths, characters, no `aws:` key, no key twice; nil: nothing.
    ///
    /// Source: AWS General Reference, "Tag naming limits and requirements".
    var fault: String? {
        var keys: Set<String> = []
        for tag in self {
            guard (1...128).contains(tag.key.utf16.count), tag.value.utf16.count <= 256 else {
                return "Tag keys can have a maximum character length of 128 characters, and tag values can have a maximum length of 256 characters."
            }
            guard tag.key.hasOnlyTagCharacters, tag.value.hasOnlyTagCharacters else {
                return "Tag keys and values can contain letters, numbers, white space and _.:/=+-@ only."
            }
            guard !tag.key.lowercased().hasPrefix("aws:") else { return "Tag keys cannot begin with aws:." }
            guard keys.insert(tag.key).inserted else { return "The tag key '\(tag.key)' is given more than once." }
        }
        return nil
    }
}

extension String {
    /// `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`
    fileprivate var hasOnlyTagCharacters: Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
            case .decimalNumber, .letterNumber, .otherNumber: true
            case .spaceSeparator, .lineSeparator, .paragraphSeparator: true
            default: "_.:/=+-@".unicodeScalars.contains(scalar)
            }
        }
    }
}

extension ResourceTag: JSONObject {
    package func members(_ json: inout JSONWriter) {
        json.member("Key", key)
        json.member("Value", value)
    }
}
