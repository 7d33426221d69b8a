import Crypto

/// AES-256-GCM over something small: a nonce of chance, the ciphertext, its tag.
package enum SmallSeal {
    /// By how many bytes the sealed form is longer.
    package static let overhead = 28

    /// `plaintext` sealed under `key` for `context`, which `open` must name again.
    package static func seal(_ plaintext: [UInt8], under key: SymmetricKey, for context: [UInt8]) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(plaintext, using: key, authenticating: context)
            return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
        } catch {
            preconditionFailure("AES-GCM takes any plaintext: \(error)")
        }
    }

    /// What was sealed. Throws when key, context or bytes are others.
    package static func open(_ sealed: [UInt8], under key: SymmetricKey, for context: [UInt8]) throws(ObjectDamage) -> [UInt8] {
        do {
            return Array(try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key, authenticating: context))
        } catch {
            throw ObjectDamage("it was sealed with another key, or as something else")
        }
    }
}
