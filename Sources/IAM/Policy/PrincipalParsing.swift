import AWSCore

extension Principal {
    /// The principals of an element: `"*"`, or an object of kinds. Throws for anything that cannot be a principal; whether
    /// one exists is asked elsewhere.
    static func list(_ value: PolicyJSON) throws(MalformedPolicy) -> [Principal] {
        if case .text("*") = value { return [.everyone] }
        guard case .object(let kinds) = value, !kinds.isEmpty else { throw MalformedPolicy("Invalid principal in policy") }
        var principals: [Principal] = []
        for (kind, value) in kinds.sorted(by: { $0.key < $1.key }) {
            guard let texts = value.texts, !texts.isEmpty else { throw MalformedPolicy("Invalid principal in policy: \(kind) is empty.") }
            for text in texts {
                guard let principal = Principal(text, kind: kind) else {
                    // AWS writes the kind in capitals.
                    throw MalformedPolicy("Invalid principal in policy: \"\(kind.uppercased())\":\"\(text)\"")
                }
                principals.append(principal)
            }
        }
        return principals
    }

    private init?(_ text: String, kind: String) {
        switch kind {
        case "AWS": self.init(aws: text)
        case "Service" where text.contains(".") && !text.contains("*"): self = .service(text)
        case "Federated" where !text.contains("*"): self = .federated(text)
        case "CanonicalUser" where text.count == 64: self = .canonicalUser(text)
        default: return nil
        }
    }

    private init?(aws text: String) {
        if text == "*" {
            self = .everyone
        } else if let account = AccountID(text) {
            self = .account(account)
        } else if let arn = ARN(text) {
            guard arn.service == "iam" || arn.service == "sts", let account = AccountID(arn.account), !text.contains("*"), !text.contains("?") else {
                return nil
            }
            self = arn.resource == "root" ? .account(account) : .arn(text)
        } else if Self.isUniqueID(text) {
            self = .uniqueID(text)
        } else {
            return nil
        }
    }

    /// `AIDA…` of a user, `AROA…` of a role, with `:session` for one session of it.
    private static func isUniqueID(_ text: String) -> Bool {
        let id = text.split(separator: ":", maxSplits: 1)[0]
        return id.count >= 16 && ["AIDA", "AROA", "AGPA"].contains { id.hasPrefix($0) }
    }
}
