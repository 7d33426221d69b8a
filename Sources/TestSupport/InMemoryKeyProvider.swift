import Crypto
import Foundation
import Stores

/// A key provider whose root key lives and dies with it.
package struct InMemoryKeyProvider: KeyProvider {
    private let key = SymmetricKey(size: .bits256)

    package init() {}

    package func seal(_ plaintext: [UInt8], for purpose: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(plaintext, using: key, authenticating: Array(purpose.utf8))
        return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    package func unseal(_ sealed: [UInt8], for purpose: String) throws -> [UInt8] {
        do {
            return try Array(AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key, authenticating: Array(purpose.utf8)))
        } catch {
            throw SealError()
        }
    }
}
