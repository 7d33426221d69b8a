import NIOCore

/// Addresses that begin with the same bits: `10.0.0.0/8`, `fd00::/8`, or one address alone.
struct NetworkRange: Hashable, Sendable {
    private let prefix: [UInt8]
    private let bits: Int

    /// The range that `text` writes in CIDR notation; nil when it is none.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let bytes = Self.bytes(String(parts[0])) else { return nil }
        guard let bits = parts.count == 2 ? Int(parts[1]) : bytes.count * 8, (0...bytes.count * 8).contains(bits) else { return nil }
        prefix = bytes
        self.bits = bits
    }

    /// True of an address in the range; an IPv4 address in IPv6 form counts as IPv4.
    func contains(_ address: String) -> Bool {
        guard let bytes = Self.bytes(address), bytes.count == prefix.count else { return false }
        return zip(bytes, prefix).enumerated().allSatisfy { index, pair in
            let mask = UInt8.max << UInt8(clamping: max(0, 8 * (index + 1) - bits))
            return pair.0 & mask == pair.1 & mask
        }
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        guard let packed = try? SocketAddress(ipAddress: text, port: 0) else { return nil }
        switch packed {
        case .v4(let address): return withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
        case .v6(let address):
            let bytes = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
            let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
            return isMapped ? Array(bytes[12...]) : bytes
        case .unixDomainSocket: return nil
        }
    }
}
