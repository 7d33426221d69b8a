/// What a signing key is good for: one day, region and service.
struct CredentialScope: Hashable, Sendable {
    /// `yyyymmdd`.
    let day: String
    let region: String
    let service: String

    static let terminator = "aws4_request"

    /// The third line of a string to sign.
    var description: String { "\(day)/\(region)/\(service)/\(Self.terminator)" }
}

/// The `Credential` of a signature: an access key id and a scope.
struct ScopedCredential: Sendable {
    let accessKeyID: String
    let scope: CredentialScope
    let terminator: String

    /// Throws `SignatureError.incomplete` when `text` has not five parts or an empty one.
    init(_ text: String) throws(SignatureError) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard parts.count == 5, !parts.contains("") else {
            throw .incomplete("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '\(text)'")
        }
        accessKeyID = parts[0]
        scope = CredentialScope(day: parts[1], region: parts[2], service: parts[3])
        terminator = parts[4]
    }
}
