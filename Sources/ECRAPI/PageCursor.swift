import AWSCore
import OCI
import RegistryCore
import Stores

/// A place in a list, in the text of a token.
protocol PageCursor {
    var tokenText: String { get }
    init?(tokenText: Substring)
}

extension PageTokens {
    /// The token for what comes after `cursor` in the list that `list` describes; nil without cursor.
    func token(after cursor: (some PageCursor)?, of list: String) throws -> String? { try token(after: cursor?.tokenText, of: list) }

    /// Where the list that `list` describes goes on; nil without token. Throws `ConstraintViolation` for a token that is
    /// not one of this list, or too old.
    func cursor<Cursor: PageCursor>(of token: String?, of list: String) throws -> Cursor? {
        guard let text: String = try cursor(of: token, of: list) else { return nil }
        guard let cursor = Cursor(tokenText: text[...]) else { throw refusal }
        return cursor
    }
}

extension ConstraintViolation {
    /// What comes of a token that is not one of its list.
    static let nextToken = ConstraintViolation(member: "nextToken", reason: "Invalid or expired token")
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
