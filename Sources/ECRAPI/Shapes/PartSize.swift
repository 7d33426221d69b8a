import AWSCore

/// The model's PartSize: the position of a byte in a layer, not below 0.
struct PartSize: Decodable, Hashable, Sendable {
    let value: Int64

    init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(Int64.self)
        guard value >= 0 else { throw ConstraintViolation(at: decoder, reason: "Member must have value greater than or equal to 0") }
    }
}
