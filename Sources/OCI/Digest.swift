/// The identity of content: an algorithm and the hash of the bytes, written `sha256:<64 hex>` or `sha512:<128 hex>`.
///
/// A `Digest` is always well formed: registered algorithm, lower-case hex, right length.
/// Source: OCI image specification, descriptor.md, "Digests".
package struct Digest: Hashable, Sendable {
    /// The registered algorithms of the OCI image specification.
    package enum Algorithm: String, Sendable, CaseIterable {
        case sha256
        case sha512

        /// What the written form begins with.
        var prefix: String { self == .sha256 ? "sha256:" : "sha512:" }

        /// The length of the hash, in bytes.
        package var byteCount: Int { self == .sha256 ? 32 : 64 }
    }

    package let algorithm: Algorithm

    /// The raw hash, `algorithm.byteCount` bytes.
    package let bytes: [UInt8]

    /// The digest with this raw hash; nil when the number of bytes belongs to no algorithm.
    package init?(bytes: [UInt8]) {
        guard let algorithm = Algorithm.allCases.first(where: { $0.byteCount == bytes.count }) else { return nil }
        self.algorithm = algorithm
        self.bytes = bytes
    }

    /// Reads `<algorithm>:<hex>`; nil for an unknown algorithm, a wrong length, or anything but lower-case hex.
    package init?(_ text: String) {
        let utf8 = text.utf8
        for algorithm in Algorithm.allCases where text.hasPrefix(algorithm.prefix) {
            let hex = Array(utf8.dropFirst(algorithm.prefix.utf8.count))
            guard hex.count == 2 * algorithm.byteCount, let bytes = [UInt8](lowercaseHex: hex) else { return nil }
            self.algorithm = algorithm
            self.bytes = bytes
            return
        }
        return nil
    }

    /// As `init(_: String)`.
    package init?(_ text: some StringProtocol) { self.init(String(text)) }

    /// The hash as lower-case hex, without the algorithm.
    package var hex: String { bytes.lowercaseHex }
}

extension Digest: CustomStringConvertible {
    /// `<algorithm>:<hex>`
    package var description: String { "\(algorithm.rawValue):\(hex)" }
}

extension Digest: Comparable {
    /// Orders by algorithm name, then by hash; the order of the written forms.
    package static func < (left: Digest, right: Digest) -> Bool {
        if left.algorithm != right.algorithm { return left.algorithm.rawValue < right.algorithm.rawValue }
        return left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
