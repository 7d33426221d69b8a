import NIOCore

/// Where to listen: a host name or address, and a port.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// Without brackets.
    package let host: String
    /// 0 lets the system choose.
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// The address that `text` writes: `host:port`, `1.2.3.4:port` or `[::1]:port`; nil when it is none.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: Int(port))
    }

    /// `host:port`, as a URL has it.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// True when only this machine can reach it.
    package var isLoopback: Bool {
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        return IPAddress(host)?.isLoopback ?? false
    }
}

/// A listener that has its address.
package struct BoundListener: Hashable, Sendable {
    /// With the port that the system chose.
    package let address: ListenAddress
    package let isTLS: Bool
    /// True when it is there for public registries alone.
    package let isPublic: Bool

    package init(address: ListenAddress, isTLS: Bool, isPublic: Bool = false) {
        self.address = address
        self.isTLS = isTLS
        self.isPublic = isPublic
    }

    /// `http://host:port` or `https://host:port`.
    package var url: String { "\(isTLS ? "https" : "http")://\(address)" }
}
