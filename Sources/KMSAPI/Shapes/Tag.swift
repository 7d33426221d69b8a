import AWSCore
import IAM
import KMS
import Stores

/// The model's Tag.
struct Tag: Decodable, Sendable {
    let tagKey: Bounded.Text<1, 128>
    let tagValue: Bounded.Text<0, 256>
}

extension [Tag] {
    /// What conditions may ask of a request that sets these tags.
    var requestFacts: [String: [String]] {
        guard !isEmpty else { return [:] }
        let values = map { (ConditionKey.requestTag($0.tagKey.value), [$0.tagValue.value]) }
        return Dictionary(values + [(ConditionKey.tagKeys, map(\.tagKey.value))]) { $1 }
    }

    /// The tags, none of them AWS's own or given twice. Throws `tag`.
    func checked() throws -> [KeyTag] {
        let names = map(\.tagKey.value)
        guard names.allSatisfy({ !$0.lowercased().hasPrefix("aws:") }) else { throw KeyFailure(.tag, "Tag keys cannot begin with aws:.") }
        guard Set(names).count == names.count else { throw KeyFailure(.tag, "Duplicate tag keys.") }
        return map { KeyTag(key: $0.tagKey.value, value: $0.tagValue.value) }
    }
}

/// A tag in an answer.
struct TagShape: JSONObject {
    let tag: KeyTag

    func members(_ json: inout JSONWriter) {
        json.member("TagKey", tag.key)
        json.member("TagValue", tag.value)
    }
}
