import AWSCore

/// The model's Tag of ECR Public: nothing in it is required.
struct PublicTag: Decodable, Sendable {
    let key: Bounded.Text<1, 128>?
    let value: Bounded.Text<0, 256>?

    enum CodingKeys: String, CodingKey {
        case key = "Key"
        case value = "Value"
    }
}

extension Bounded.List: TagSetting where Element == PublicTag {
    /// A tag without key has an empty one, which no tag can have.
    var list: [Tag] { values.map { Tag(key: $0.key?.value ?? "", value: $0.value?.value ?? "") } }
}

extension Bounded.List: TagKeyNaming where Element == Bounded.Text<1, 128> {
    var list: [String] { values.map(\.value) }
}
