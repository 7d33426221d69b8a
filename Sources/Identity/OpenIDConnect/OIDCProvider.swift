import AWSCore
import Stores

/// An OpenID Connect issuer that an account trusts to say who somebody is.
package struct OIDCProvider: Hashable, Sendable {
    package let account: AccountID
    /// Host and path without scheme, as the ARN has it.
    package let url: String
    /// The audiences that are accepted, in order.
    package var clientIDs: [String]
    /// SHA-1 of certificates, in hexadecimal. They are kept for who asks; what is trusted is the system's certificate authorities.
    package var thumbprints: [String]
    package let createdAt: Timestamp

    /// `arn:aws:iam::<account>:oidc-provider/<host and path>`
    package var arn: ARN { Account.arn(ofOIDCProvider: url, in: account) }

    package static let clientIDLimit = 100
    package static let thumbprintLimit = 5
    /// How many an account may have.
    package static let limit = 100
}

extension Account {
    /// The ARN of the provider of a URL without scheme.
    package static func arn(ofOIDCProvider url: String, in account: AccountID) -> ARN {
        ARN(service: "iam", region: "", account: account.description, resource: "oidc-provider/\(url)")
    }

    /// The URL without scheme that the ARN of a provider names; nil for any other ARN.
    static func url(ofOIDCProvider text: String) -> String? {
        guard let arn = ARN(text), arn.service == "iam", arn.resource.hasPrefix("oidc-provider/") else { return nil }
        return String(arn.resource.dropFirst("oidc-provider/".count))
    }
}
