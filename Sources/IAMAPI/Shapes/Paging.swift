import AWSCore

/// The model's markerType: where a list goes on.
struct Marker: Decodable, Sendable {
    let value: String

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(Bounded.Text<1, 320>.self).value
        guard text.unicodeScalars.allSatisfy({ (0x20...0xFF).contains($0.value) }) else {
            throw ConstraintViolation(at: decoder, reason: #"Member must satisfy regular expression pattern: [\u0020-\u00FF]+"#)
        }
        value = text
    }
}

/// The model's maxItemsType.
typealias MaxItems = Bounded.Integer<1, 1000>

extension MaxItems? {
    /// What is asked for, or IAM's default.
    var limit: Int { self?.value ?? 100 }
}
