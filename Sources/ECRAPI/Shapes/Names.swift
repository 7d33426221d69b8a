import AWSCore
import OCI

extension RepositoryName: ConstrainedText {
    package static let constraint = "must satisfy regular expression '\(pattern)'"

    // A length of its own besides the pattern, with a sentence of its own.
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(Bounded.Text<2, 256>.self).value
        guard let name = RepositoryName(text) else { throw ConstraintViolation(at: decoder, reason: Self.constraint) }
        self = name
    }
}

extension RepositoryName: JSONValue {
    package func write(to json: inout JSONWriter) { json.string(description) }
}

extension AccountID: JSONValue {
    package func write(to json: inout JSONWriter) { json.string(description) }
}

extension OCI.Digest: JSONValue {
    package func write(to json: inout JSONWriter) { json.string(description) }
}

extension ImageTag: JSONValue {
    package func write(to json: inout JSONWriter) { json.string(description) }
}
