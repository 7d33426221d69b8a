import AWSCore
import RegistryCore

extension TagMutability.Mode: ConstrainedEnum {
    /// The values in AWS's own order.
    package static var constraint: String {
        "Member must satisfy enum value set: [IMMUTABLE, MUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION]"
    }
}

/// The model's ImageTagMutabilityExclusionFilter: tags that match take the opposite of the mode.
struct ExclusionFilter: Decodable, Hashable, Sendable {
    /// The ways to write a filter.
    enum FilterType: String, ConstrainedEnum {
        case wildcard = "WILDCARD"
    }

    /// A pattern of tag characters and `*`.
    struct Pattern: ConstrainedText, Hashable {
        static let constraint = "must satisfy regular expression '^[0-9a-zA-Z._*-]{1,128}$'"
        static let wildcards = 2

        let text: String

        init?(_ text: String) {
            let isAllowed = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._*-".contains($0)) }
            guard (1...128).contains(text.utf8.count), isAllowed else { return nil }
            self.text = text
        }

        init(from decoder: any Decoder) throws {
            let text = try decoder.singleValueContainer().decode(Bounded.Text<1, 128>.self).value
            guard let pattern = Pattern(text) else { throw ConstraintViolation(at: decoder, reason: Self.constraint) }
            guard text.count(where: { $0 == "*" }) <= Self.wildcards else {
                throw ConstraintViolation(at: decoder, reason: "Member must not contain more than \(Self.wildcards) wildcards")
            }
            self = pattern
        }
    }

    let filterType: FilterType
    let filter: Pattern
}

/// The model's ImageTagMutabilityExclusionFilters.
typealias ExclusionFilters = Bounded.List<1, 5, ExclusionFilter>

extension TagMutability {
    /// The setting that the two members of a request make: filters belong to the modes with exclusion, and to those only.
    init(mode: Mode, filters: ExclusionFilters?) throws(ConstraintViolation) {
        guard (filters != nil) == mode.takesExclusions else {
            let problem = mode.takesExclusions ? "can't be null" : "must be null"
            throw ConstraintViolation(
                member: "imageTagMutabilityExclusionFilters",
                reason: "ImageTagMutabilityExclusionFilters \(problem) when imageTagMutability is set as \(mode.rawValue)")
        }
        self.init(mode: mode, exclusions: filters?.values.map(\.filter.text) ?? [])
    }

    /// Writes mode and filters; no filters are left out.
    func write(to json: inout JSONWriter) {
        json.member("imageTagMutability", mode.rawValue)
        json.member("imageTagMutabilityExclusionFilters", exclusions.isEmpty ? nil : exclusions.map(ExclusionFilterShape.init))
    }
}

/// An exclusion filter in an answer.
private struct ExclusionFilterShape: JSONObject {
    let filter: String

    func members(_ json: inout JSONWriter) {
        json.member("filterType", ExclusionFilter.FilterType.wildcard.rawValue)
        json.member("filter", filter)
    }
}
