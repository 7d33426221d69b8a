import Foundation

/// Members with a least and a greatest size, as the API's model declares them.
package enum Bounded {
    /// A whole number of `least` to `most`.
    package struct Integer<let least: Int, let most: Int>: Decodable, Sendable {
        package let value: Int

        package init(from decoder: any Decoder) throws {
            value = try decoder.singleValueContainer().decode(Int.self)
            try check(value, least...most, at: decoder, "Member must have value")
        }
    }

    /// A string of `least` to `most` characters.
    package struct Text<let least: Int, let most: Int>: Decodable, Sendable {
        package let value: String

        package init(from decoder: any Decoder) throws {
            value = try decoder.singleValueContainer().decode(String.self)
            // The service counts as Java does.
            try check(value.utf16.count, least...most, at: decoder, "Member must have length")
        }
    }

    /// Bytes, `least` to `most` of them, in base64.
    package struct Bytes<let least: Int, let most: Int>: Decodable, Sendable {
        package let value: [UInt8]

        package init(from decoder: any Decoder) throws {
            value = Array(try decoder.singleValueContainer().decode(Data.self))
            try check(value.count, least...most, at: decoder, "Member must have length")
        }
    }

    /// A list of `least` to `most` elements.
    package struct List<let least: Int, let most: Int, Element: Decodable & Sendable>: Decodable, Sendable {
        package let values: [Element]

        package init(from decoder: any Decoder) throws {
            values = try decoder.singleValueContainer().decode([Element].self)
            try check(values.count, least...most, at: decoder, "Member must have length")
        }
    }

    private static func check(_ size: Int, _ bounds: ClosedRange<Int>, at decoder: any Decoder, _ sentence: String) throws {
        if size < bounds.lowerBound {
            throw ConstraintViolation(at: decoder, reason: "\(sentence) greater than or equal to \(bounds.lowerBound)")
        }
        if size > bounds.upperBound {
            throw ConstraintViolation(at: decoder, reason: "\(sentence) less than or equal to \(bounds.upperBound)")
        }
    }
}
