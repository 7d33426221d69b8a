/// What a verified token of an OpenID Connect issuer says.
package struct WebIdentity: Hashable, Sendable {
    /// The registered provider's ARN, `arn:aws:iam::<account>:oidc-provider/<host and path>`.
    package let provider: String
    /// The issuer without its scheme, as condition keys begin.
    package let issuer: String
    package let subject: String
    /// The audience that was registered: of several, the first; the authorized party where there is one.
    package let audience: String
    /// All audiences.
    package let audiences: [String]
    package let claims: [String: Claim]

    /// The condition keys of a trust policy: `<host/path>:sub`, `aud`, `oaud`, and every claim that is a plain value or a list
    /// of such. AWS offers a list of claims for each of some issuers; a superset of it needs no change when an issuer adds one.
    package var conditionKeys: [String: [String]] {
        var keys: [String: [String]] = [:]
        for (name, claim) in claims {
            if let texts = claim.texts { keys["\(issuer):\(name)"] = texts }
        }
        keys["\(issuer):sub"] = [subject]
        keys["\(issuer):aud"] = [audience]
        keys["\(issuer):oaud"] = claims["azp"] == nil ? nil : audiences
        return keys
    }

    /// The session tags that the issuer gives, by key; the claim has two forms.
    package var tags: [String: String] {
        var tags: [String: String] = [:]
        if case .object(let members) = claims[Self.tagsClaim], case .object(let values) = members["principal_tags"] {
            for (key, value) in values { tags[key] = value.texts?.first }
        }
        let flat = Self.tagsClaim + "/principal_tags/"
        for (name, claim) in claims where name.hasPrefix(flat) { tags[String(name.dropFirst(flat.count))] = claim.texts?.first }
        return tags
    }

    /// The keys of the tags that a further role of the session keeps.
    package var transitiveTagKeys: [String] {
        if case .object(let members) = claims[Self.tagsClaim], let keys = members["transitive_tag_keys"]?.texts { return keys }
        return claims[Self.tagsClaim + "/transitive_tag_keys"]?.texts ?? []
    }

    /// Who the issuer says is behind the session.
    package var sourceIdentity: String? { claims["https://aws.amazon.com/source_identity"]?.texts?.first }

    private static let tagsClaim = "https://aws.amazon.com/tags"
}

/// An OpenID Connect issuer that an account trusts.
package struct RegisteredIssuer: Hashable, Sendable {
    /// `arn:aws:iam::<account>:oidc-provider/<host and path>`
    package let arn: String
    /// With `https://`, as tokens name it.
    package let url: String
    /// The audiences that are accepted.
    package let clientIDs: [String]
    /// A JSON Web Key Set that was uploaded, for issuers that the server cannot reach; nil when the keys are fetched.
    package let keySet: [UInt8]?

    package init(arn: String, url: String, clientIDs: [String], keySet: [UInt8]?) {
        self.arn = arn
        self.url = url
        self.clientIDs = clientIDs
        self.keySet = keySet
    }
}

/// Why a token of an issuer is refused.
package enum WebIdentityRefusal: Error, Hashable, Sendable {
    /// Not a JSON Web Token, or without a claim that it must have; the text says which.
    case malformed(String)
    /// No provider of the account has the token's issuer.
    case unknownIssuer(String)
    /// No provider's client id is among the token's audiences.
    case wrongAudience
    /// The signature, the algorithm or the key is not good.
    case badSignature
    /// In seconds since 1970.
    case expired(now: Int64, expiry: Int64)
    /// Before its time.
    case notYetValid
    /// The issuer's keys could not be had.
    case unreachable(String)
}
