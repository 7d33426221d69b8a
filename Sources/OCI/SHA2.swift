import CLibCrypto

/// SHA-256 over a stream whose state can be saved with the offset it stands for and resumed elsewhere.
///
/// libcrypto's implementation, because swift-crypto's state is opaque (`docs/decisions/0003-resumable-hash.md`).
package struct SHA256Stream: Sendable {
    private var context: SHA256_CTX

    /// A stream with nothing in it yet.
    package init() {
        context = SHA256_CTX()
        _ = SHA256_Init(&context)
    }

    /// Appends `bytes`.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        _ = SHA256_Update(&context, bytes.baseAddress, bytes.count)
    }

    /// The digest of all that was appended; the stream can go on afterwards.
    package func digest() -> Digest {
        var copy = context
        var hash = [UInt8](repeating: 0, count: 32)
        _ = SHA256_Final(&hash, &copy)
        return Digest(algorithm: .sha256, hash: hash)
    }

    /// The number of bytes appended so far.
    package var byteCount: Int64 { Int64((UInt64(context.Nh) << 32 | UInt64(context.Nl)) >> 3) }

    private static let version: UInt8 = 1
    private static let savedLength = 1 + 8 * 4 + 8 + 64 + 1

    /// The state in a fixed layout: version, eight words, bit count, pending block, its fill (106 bytes, big-endian).
    package var saved: [UInt8] {
        var copy = context
        var out: [UInt8] = [Self.version]
        out.reserveCapacity(Self.savedLength)
        withUnsafeBytes(of: &copy.h) { words in
            for word in words.bindMemory(to: UInt32.self) { withUnsafeBytes(of: word.bigEndian) { out.append(contentsOf: $0) } }
        }
        withUnsafeBytes(of: (UInt64(context.Nh) << 32 | UInt64(context.Nl)).bigEndian) { out.append(contentsOf: $0) }
        withUnsafeBytes(of: &copy.data) { out.append(contentsOf: $0) }
        out.append(UInt8(context.num))
        return out
    }

    /// The stream that `saved` describes; nil when the layout is not one that this build writes.
    package init?(saved: [UInt8]) {
        guard saved.count == Self.savedLength, saved[0] == Self.version, saved[105] < 64 else { return nil }
        self.init()
        withUnsafeMutableBytes(of: &context.h) { words in
            for (index, word) in words.bindMemory(to: UInt32.self).indices.enumerated() {
                let start = 1 + index * 4
                words.bindMemory(to: UInt32.self)[word] = saved[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
            }
        }
        let bits = saved[33..<41].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard bits >> 3 & 63 == UInt64(saved[105]) else { return nil }
        context.Nl = UInt32(truncatingIfNeeded: bits)
        context.Nh = UInt32(truncatingIfNeeded: bits >> 32)
        withUnsafeMutableBytes(of: &context.data) { $0.copyBytes(from: saved[41..<105]) }
        context.num = UInt32(saved[105])
    }
}

/// SHA-512 over a stream, for content addressed by `sha512:` digests.
package struct SHA512Stream: Sendable {
    private var context: SHA512_CTX

    /// A stream with nothing in it yet.
    package init() {
        context = SHA512_CTX()
        _ = SHA512_Init(&context)
    }

    /// Appends `bytes`.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        _ = SHA512_Update(&context, bytes.baseAddress, bytes.count)
    }

    /// The digest of all that was appended.
    package func digest() -> Digest {
        var copy = context
        var hash = [UInt8](repeating: 0, count: 64)
        _ = SHA512_Final(&hash, &copy)
        return Digest(algorithm: .sha512, hash: hash)
    }
}

extension Digest {
    fileprivate init(algorithm: Algorithm, hash: [UInt8]) {
        self.algorithm = algorithm
        self.bytes = hash
    }

    /// The digest of `content` by `algorithm`.
    package static func of(_ content: [UInt8], by algorithm: Algorithm = .sha256) -> Digest {
        content.withUnsafeBytes { bytes in
            switch algorithm {
            case .sha256:
                var stream = SHA256Stream()
                stream.update(bytes)
                return stream.digest()
            case .sha512:
                var stream = SHA512Stream()
                stream.update(bytes)
                return stream.digest()
            }
        }
    }
}
