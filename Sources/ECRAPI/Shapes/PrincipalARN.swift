import AWSCore

/// The model's PrincipalArn: a user or a role.
struct PrincipalARN: ConstrainedText, Hashable {
    static let pattern = #"^arn:aws(-[a-z]+)*:iam::[0-9]{12}:(role|user)/[\w+=,.@-]+(/[\w+=,.@-]+)*$"#
    static let constraint = "must satisfy regular expression '\(pattern)'"

    let text: String

    init?(_ text: String) {
        guard text.wholeMatch(of: #/arn:aws(-[a-z]+)*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9_+=,.@\-]+(/[A-Za-z0-9_+=,.@\-]+)*/#) != nil else {
            return nil
        }
        self.text = text
    }

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(Bounded.Text<0, 200>.self).value
        guard let principal = PrincipalARN(text) else { throw ConstraintViolation(at: decoder, reason: Self.constraint) }
        self = principal
    }
}

extension PrincipalARN: PageCursor {
    var tokenText: String { text }

    init?(tokenText: Substring) { self.init(String(tokenText)) }
}
