import AWSCore
import IAM

/// Who signs with an access key, as far as it is known before the signature was checked.
package enum Signer: Sendable {
    /// The key is good: its secret, and who calls if the signature is.
    case known(secret: String, Caller)
    /// The key's session is over.
    case expired
    /// No such key, not active, another key's session token, revoked, or the principal is gone: deliberately not told apart.
    case unknown
}
