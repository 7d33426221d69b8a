import AWSCore
import OCI

/// The model's RepositoryName of ECR Public, which is shorter than the private one and has single separators only.
struct PublicRepositoryName: NamesRepository {
    static let pattern = "(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*"

    let repository: RepositoryName

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(Bounded.Text<2, 205>.self).value
        guard let name = RepositoryName(text), Self.hasSingleSeparators(text) else {
            throw ConstraintViolation(at: decoder, reason: "must satisfy regular expression '\(Self.pattern)'")
        }
        repository = name
    }

    private static func hasSingleSeparators(_ text: String) -> Bool { !text.contains("__") && !text.contains("--") }
}
