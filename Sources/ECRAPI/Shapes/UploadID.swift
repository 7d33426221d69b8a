import AWSCore

/// The model's UploadId: a UUID, hexadecimal digits in groups of 8, 4, 4, 4 and 12.
struct UploadID: ConstrainedText, Hashable {
    static let constraint =
        "must satisfy regular expression '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}'"

    let text: String

    /// As the registry knows it: in lower case.
    var id: String { text.lowercased() }

    init?(_ text: String) {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12],
            groups.allSatisfy({ group in group.allSatisfy { $0.isASCII && $0.isHexDigit } })
        else { return nil }
        self.text = text
    }
}
