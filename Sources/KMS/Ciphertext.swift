import Crypto
import OCI
import Stores

/// What `Encrypt` gives out: a format byte, the key's id, the id of its material, a nonce, the AES-256-GCM ciphertext and its tag. All before the
/// nonce, and the encryption context, are authenticated with it (`docs/kms.md`).
package struct Ciphertext: Sendable {
    private static let format: UInt8 = 1
    private static let headerLength = 1 + 16 + 32
    private static let boxOverhead = 12 + 16

    /// The id of the key, a UUID.
    package let keyID: String
    /// 64 hexadecimal digits.
    package let material: String
    private let header: [UInt8]
    private let box: [UInt8]

    /// Reads what `sealing` wrote. Throws `invalidCiphertext`.
    package init(_ bytes: [UInt8]) throws {
        guard bytes.count >= Self.headerLength + Self.boxOverhead, bytes[0] == Self.format else { throw Self.failure }
        header = Array(bytes[..<Self.headerLength])
        box = Array(bytes[Self.headerLength...])
        let hex = Array(bytes[1..<17]).lowercaseHex
        let ends = [0, 8, 12, 16, 20, 32]
        keyID = zip(ends, ends.dropFirst()).map { String(hex.dropFirst($0).prefix($1 - $0)) }.joined(separator: "-")
        material = Array(bytes[17..<Self.headerLength]).lowercaseHex
    }

    /// `plaintext` under `secret`, the newest material of `key`. Different each time.
    static func sealing(_ plaintext: [UInt8], under key: Key, _ secret: SymmetricKey, _ context: EncryptionContext) throws -> [UInt8] {
        guard let id = [UInt8](lowercaseHex: Array(key.id.utf8.filter { $0 != UInt8(ascii: "-") })),
            let material = [UInt8](lowercaseHex: Array(key.material.utf8))
        else { throw DatabaseError.other("kms_keys row \(key.id) holds an invalid id or material") }
        let header = [format] + id + material
        let box = try AES.GCM.seal(plaintext, using: secret, authenticating: header + canonical(context))
        return header + box.nonce + box.ciphertext + box.tag
    }

    /// The plaintext. Throws `invalidCiphertext` when the secret, the context or the bytes are others than when it was encrypted.
    func open(_ secret: SymmetricKey, _ context: EncryptionContext) throws -> [UInt8] {
        do {
            return try Array(AES.GCM.open(AES.GCM.SealedBox(combined: box), using: secret, authenticating: header + Self.canonical(context)))
        } catch {
            throw Self.failure
        }
    }

    /// The pairs in the order of their names' bytes, each name and value with its length before it in four bytes, most significant first.
    private static func canonical(_ context: EncryptionContext) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in context.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            for text in [name, value] {
                withUnsafeBytes(of: UInt32(text.utf8.count).bigEndian) { bytes.append(contentsOf: $0) }
                bytes.append(contentsOf: text.utf8)
            }
        }
        return bytes
    }

    static let failure = KeyFailure(
        .invalidCiphertext, "The ciphertext is damaged, not of this service, or was encrypted with another encryption context.")
}
