import AWSCore
import Crypto
import Foundation
import Stores

/// Seals what tokens say under the daily keys, and opens it again.
///
/// A sealed text is the id of its key, then nonce, ciphertext and tag (AES-256-GCM) in base64url: no `:`, no blank.
struct TokenSeal: Sendable {
    /// A text that was sealed, and the key that did it, from which more can be derived.
    struct Opened<Contents: Sendable>: Sendable {
        let contents: Contents
        let key: SymmetricKey
    }

    let keys: TokenKeys
    /// Kinds of tokens that cannot stand for each other have different ones.
    let purpose: String

    /// `contents` sealed with today's key.
    func seal(_ contents: some Encodable, with key: TokenKeys.Key) throws -> String {
        let box = try AES.GCM.seal(try JSONEncoder().encode(contents), using: key.secret, authenticating: context(key.id))
        return key.id + Base64URL.encode(Array(box.nonce) + box.ciphertext + box.tag)
    }

    /// What `text` says; nil when it is not ours, altered, of another purpose, or its key is gone.
    func open<Contents: Decodable & Sendable>(_ text: String, as type: Contents.Type) async throws -> Opened<Contents>? {
        let bytes = text.utf8
        let id = String(decoding: bytes.prefix(TokenKeys.idLength), as: UTF8.self)
        guard id.utf8.count == TokenKeys.idLength, let sealed = Base64URL.decode(bytes.dropFirst(TokenKeys.idLength)),
            let key = try await keys.find(id)
        else { return nil }
        do {
            let box = try AES.GCM.SealedBox(combined: sealed)
            let opened = try AES.GCM.open(box, using: key.secret, authenticating: context(id))
            return Opened(contents: try JSONDecoder().decode(type, from: opened), key: key.secret)
        } catch {
            return nil
        }
    }

    private func context(_ keyID: String) -> [UInt8] { Array("\(purpose) \(keyID)".utf8) }
}
