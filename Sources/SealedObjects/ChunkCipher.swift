import CLibCrypto

/// AES-256-GCM over the chunks of one message, in memory of the caller; libcrypto's, since swift-crypto's makes new memory for each chunk
/// (`docs/decisions/0015-cobblestone.md`).
///
/// `@unchecked`: what the pointer leads to is this value's alone, which cannot be copied, and is used by who has exclusive access.
package struct ChunkCipher: ~Copyable, @unchecked Sendable {
    /// The most chunks that a message may have.
    private static let mostChunks: Int64 = 1 << 38

    private let context: OpaquePointer
    private let baseNonce: [UInt8]
    private let isSealing: Bool

    /// Seals with `keys`, each chunk once; or opens.
    package init(_ keys: MessageKeys, isSealing: Bool) {
        guard let context = EVP_CIPHER_CTX_new() else { preconditionFailure("no memory for a cipher") }
        let isReady = EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, keys.key, nil, isSealing ? 1 : 0) == 1
        precondition(isReady, "libcrypto has no AES-256-GCM")
        self.context = context
        self.isSealing = isSealing
        baseNonce = keys.baseNonce
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// Writes chunk `index` sealed to `output`, which has room for `chunk` and a tag.
    package mutating func seal(_ chunk: UnsafeRawBufferPointer, at index: Int64, to output: UnsafeMutableRawPointer) {
        precondition(isSealing && chunk.count <= ObjectLayout.chunk)
        start(index)
        update(chunk, to: output)
        var none: Int32 = 0
        let tag = output + chunk.count
        let isDone =
            EVP_CipherFinal_ex(context, tag.assumingMemoryBound(to: UInt8.self), &none) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(ObjectLayout.tag), tag) == 1
        precondition(isDone, "a chunk could not be sealed")
    }

    /// Writes the plaintext of chunk `index` to `output`, which has room for it; zeros when it throws.
    package mutating func open(_ sealed: UnsafeRawBufferPointer, at index: Int64, to output: UnsafeMutableRawPointer) throws(ObjectDamage) {
        let count = sealed.count - ObjectLayout.tag
        guard !isSealing, let base = sealed.baseAddress, count >= 0, count <= ObjectLayout.chunk, index < Self.mostChunks else {
            throw ObjectDamage("chunk \(index) has an impossible length")
        }
        start(index)
        update(UnsafeRawBufferPointer(start: base, count: count), to: output)
        var (none, nothing): (Int32, UInt8) = (0, 0)
        // libcrypto copies the tag, whatever its type says.
        let tag = UnsafeMutableRawPointer(mutating: base + count)
        guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(ObjectLayout.tag), tag) == 1,
            EVP_CipherFinal_ex(context, &nothing, &none) == 1
        else {
            output.initializeMemory(as: UInt8.self, repeating: 0, count: count)
            throw ObjectDamage("chunk \(index) is not what was sealed")
        }
    }

    private mutating func start(_ index: Int64) {
        precondition((0..<Self.mostChunks).contains(index))
        var nonce = baseNonce
        for place in 0..<8 { nonce[MessageKeys.nonceSize - 1 - place] ^= UInt8(truncatingIfNeeded: index >> (8 * place)) }
        let isStarted = EVP_CipherInit_ex(context, nil, nil, nil, nonce, isSealing ? 1 : 0) == 1
        precondition(isStarted, "a chunk could not be begun")
    }

    private mutating func update(_ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer) {
        guard let base = input.baseAddress, input.count > 0 else { return }
        var written: Int32 = 0
        let isDone =
            EVP_CipherUpdate(
                context, output.assumingMemoryBound(to: UInt8.self), &written, base.assumingMemoryBound(to: UInt8.self), Int32(input.count)) == 1
        precondition(isDone && written == input.count, "libcrypto did not take a chunk")
    }
}
