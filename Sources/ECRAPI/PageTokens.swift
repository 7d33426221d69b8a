import AWSCore
import OCI
import RegistryCore
import Stores

/// Writes and reads `nextToken`: where a list goes on, sealed, so that it says nothing, cannot be made by hand, and works
/// only for the list that it came from.
struct PageTokens: Sendable {
    static let lifetime = Duration.seconds(24 * 3600)

    let keys: any KeyProvider
    let clock: any WallClock
    /// The operation and the registry.
    let scope: String

    /// The token for what comes after `cursor` in the list that `list` describes; nil without cursor.
    func token(after cursor: (some PageCursor)?, of list: String) throws -> String? {
        guard let cursor else { return nil }
        let text = "\((clock.now + Self.lifetime).milliseconds) \(cursor.tokenText)"
        return try keys.seal(Array(text.utf8), for: purpose(of: list)).lowercaseHex
    }

    /// Where the list that `list` describes goes on; nil without token. Throws `ConstraintViolation` for a token that is
    /// not one of this list, or too old.
    func cursor<Cursor: PageCursor>(of token: String?, of list: String) throws -> Cursor? {
        guard let token else { return nil }
        guard let sealed = [UInt8](lowercaseHex: Array(token.utf8)) else { throw Self.refusal }
        do {
            let text = String(decoding: try keys.unseal(sealed, for: purpose(of: list)), as: UTF8.self)
            let parts = text.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let expires = Int64(parts[0]), clock.now.milliseconds < expires, let cursor = Cursor(tokenText: parts[1]) else {
                throw Self.refusal
            }
            return cursor
        } catch is SealError {
            throw Self.refusal
        }
    }

    private func purpose(of list: String) -> String { "page-token \(scope) \(list)" }

    static let refusal = ConstraintViolation(member: "nextToken", reason: "Invalid or expired token")
}

/// A place in a list, in the text of a token.
protocol PageCursor {
    var tokenText: String { get }
    init?(tokenText: Substring)
}

extension RepositoryName: PageCursor {
    var tokenText: String { description }

    init?(tokenText: Substring) { self.init(tokenText) }
}

extension ImageCursor: PageCursor {
    var tokenText: String { "\(pushedAt.milliseconds) \(rowID) \(tag?.description ?? "")" }

    init?(tokenText: Substring) {
        let parts = tokenText.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, let pushedAt = Int64(parts[0]), let rowID = Int64(parts[1]) else { return nil }
        let tag = ImageTag(parts[2])
        guard tag != nil || parts[2].isEmpty else { return nil }
        self.init(pushedAt: Timestamp(milliseconds: pushedAt), rowID: rowID, tag: tag)
    }
}
