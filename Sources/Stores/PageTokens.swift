import Foundation

/// Writes and reads where a list goes on, sealed, so that it says nothing, cannot be made by hand, and works for a day and only for the list that
/// it came from.
package struct PageTokens: Sendable {
    private static let lifetime = Duration.seconds(24 * 3600)

    private let keys: any KeyProvider
    private let clock: any WallClock
    private let scope: String
    /// What comes of a token that is not one of the list, or too old.
    package let refusal: any Error

    /// Tokens of the operation and the registry or account that `scope` names; all others are refused with `refusal`.
    package init(keys: any KeyProvider, clock: any WallClock, scope: String, refusal: any Error) {
        self.keys = keys
        self.clock = clock
        self.scope = scope
        self.refusal = refusal
    }

    /// The token for what comes after `cursor` in the list that `list` describes; nil without cursor. Throws what the key provider does.
    package func token(after cursor: String?, of list: String = "") throws -> String? {
        guard let cursor else { return nil }
        let text = "\((clock.now + Self.lifetime).milliseconds) \(cursor)"
        return Data(try keys.seal(Array(text.utf8), for: purpose(of: list))).base64EncodedString()
    }

    /// Where the list that `list` describes goes on; nil without token. Throws `refusal`.
    package func cursor(of token: String?, of list: String = "") throws -> String? {
        guard let token else { return nil }
        // More than one text decodes to the same bytes.
        guard let sealed = Data(base64Encoded: token), sealed.base64EncodedString() == token else { throw refusal }
        do {
            let text = String(decoding: try keys.unseal(Array(sealed), for: purpose(of: list)), as: UTF8.self)
            let parts = text.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let expires = Int64(parts[0]), clock.now.milliseconds < expires else { throw refusal }
            return String(parts[1])
        } catch is SealError {
            throw refusal
        }
    }

    private func purpose(of list: String) -> String { "\(scope) \(list)" }
}
