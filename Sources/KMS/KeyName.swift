import AWSCore
import Stores

/// How a request names a key.
package enum KeyName: Hashable, Sendable {
    case key(id: String, account: AccountID, region: Region)
    /// With `alias/` before it.
    case alias(String, account: AccountID, region: Region)

    /// The key that `text` names where `ring` is: an id, a key's ARN, `alias/…`, an alias' ARN. Throws `notFound`, `invalidARN`.
    package init(_ text: String, in ring: KeyRing) throws {
        guard text.hasPrefix("arn:") else {
            self =
                text.hasPrefix("alias/")
                ? .alias(text, account: ring.account, region: ring.region) : .key(id: text, account: ring.account, region: ring.region)
            return
        }
        guard let arn = ARN(text), arn.service == "kms", let account = AccountID(arn.account), let region = Region(arn.region) else {
            throw KeyFailure(.invalidARN, "Invalid arn \(text)")
        }
        guard region == ring.region else { throw KeyFailure(.notFound, "Invalid arn \(arn.region)") }
        if arn.resource.hasPrefix("alias/") {
            self = .alias(arn.resource, account: account, region: region)
        } else if arn.resource.hasPrefix("key/") {
            self = .key(id: String(arn.resource.dropFirst("key/".count)), account: account, region: region)
        } else {
            throw KeyFailure(.invalidARN, "Invalid arn \(text)")
        }
    }

    /// Passes for what names a key itself. Throws `notFound` for an alias, which most operations do not take.
    package func requireKey() throws {
        if case .alias(let name, _, _) = self { throw KeyFailure(.notFound, "Invalid keyId \(name)") }
    }

    /// The sentence for a key that is not there.
    var absence: KeyFailure {
        switch self {
        case .key(let id, let account, let region): KeyFailure(.notFound, "Key 'arn:aws:kms:\(region):\(account):key/\(id)' does not exist")
        case .alias(let name, let account, let region): KeyFailure(.notFound, "Alias arn:aws:kms:\(region):\(account):\(name) is not found.")
        }
    }
}
