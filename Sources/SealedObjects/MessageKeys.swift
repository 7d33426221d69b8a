import Crypto

/// What one message is sealed with: derived from a data key, a salt that is never used with it again, and a context that says what the message is.
///
/// Source: C2SP chunked-encryption, "Key derivation", as Cobblestone-256: HKDF-Expand with SHA-512 (RFC 5869) and AES-256-GCM.
package struct MessageKeys: Sendable {
    /// Of a data key, in bytes.
    package static let dataKeySize = 32
    package static let saltSize = 24
    static let commitmentSize = 32
    static let keySize = 32
    static let nonceSize = 12

    let key: [UInt8]
    let baseNonce: [UInt8]
    /// What the message begins with: the salt, and what only this key, salt and context give.
    package let header: [UInt8]

    /// Of known key and nonce, without a header: the raw mode of the specification, which test vectors of AES-GCM need.
    init(key: [UInt8], baseNonce: [UInt8]) {
        self.key = key
        self.baseNonce = baseNonce
        header = []
    }

    /// For a new message: `salt` has `saltSize` bytes, of chance.
    package init(dataKey: SymmetricKey, salt: [UInt8], context: [UInt8]) {
        precondition(dataKey.bitCount == Self.dataKeySize * 8 && salt.count == Self.saltSize)
        let info = Array("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM".utf8) + [0] + salt + context
        let length = Self.keySize + Self.nonceSize + Self.commitmentSize
        let output = dataKey.withUnsafeBytes { key in
            HKDF<SHA512>.expand(pseudoRandomKey: key, info: info, outputByteCount: length).withUnsafeBytes { Array($0) }
        }
        key = Array(output[..<Self.keySize])
        baseNonce = Array(output[Self.keySize..<(Self.keySize + Self.nonceSize)])
        header = salt + output[(Self.keySize + Self.nonceSize)...]
    }

    /// For the message that begins with `header`. Throws for one that was sealed with another key or for another context.
    package init(dataKey: SymmetricKey, header: [UInt8], context: [UInt8]) throws(ObjectDamage) {
        guard header.count == ObjectLayout.header else { throw ObjectDamage("it is too short") }
        self.init(dataKey: dataKey, salt: Array(header[..<Self.saltSize]), context: context)
        let difference = zip(self.header, header).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
        guard difference == 0 else { throw ObjectDamage("it was sealed with another key, or as something else") }
    }
}
