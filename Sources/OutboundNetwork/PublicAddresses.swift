import NIOCore
import NIOPosix

/// Tells which addresses a server may be sent to by somebody else's word: public ones, and the ranges that its operator names.
package struct PublicAddresses: Sendable {
    /// Loopback, private, link-local (where clouds keep their metadata), shared, documentation, multicast and reserved ranges.
    ///
    /// Source: IANA's IPv4 and IPv6 special-purpose address registries.
    private static let special = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "::/96", "64:ff9b::/96",
        "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "ff00::/8",
    ].compactMap { NetworkRange($0) }

    private let permitted: [NetworkRange]

    /// Throws `AddressRefused` when one of `networks` is not a range in CIDR notation.
    package init(besides networks: [String]) throws(AddressRefused) {
        permitted = try networks.map { (text) throws(AddressRefused) in
            guard let range = NetworkRange(text) else { throw AddressRefused("\(text) is not a range of addresses.") }
            return range
        }
    }

    /// The address to connect to for `host`, a name or an address. Throws `AddressRefused` when it has none, or one that
    /// may not be asked.
    package func resolve(_ host: String) async throws(AddressRefused) -> String {
        let found: SocketAddress
        do {
            found = try await NIOThreadPool.singleton.runIfActive { try SocketAddress.makeAddressResolvingHost(host, port: 443) }
        } catch {
            throw AddressRefused("\(host) has no address.")
        }
        guard let address = found.ipAddress, allows(address) else {
            throw AddressRefused("\(host) has an address that is not public.")
        }
        return address
    }

    /// True when connections to `address` are permitted.
    package func allows(_ address: String) -> Bool {
        permitted.contains { $0.contains(address) } || !Self.special.contains { $0.contains(address) }
    }
}

/// An address that may not be asked, or that is none; a sentence says why.
package struct AddressRefused: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
