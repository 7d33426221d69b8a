/// A place to listen: `HOST:PORT`, an IPv6 address in brackets.
struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    let host: String
    /// 0 for a free one that the system chooses.
    let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// The place that `text` names; nil when it is not `HOST:PORT`.
    init?(_ text: String) {
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

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether only this machine can reach it.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    /// The addresses to bind: both loopbacks for `localhost`.
    var addresses: [String] { host == "localhost" ? ["127.0.0.1", "::1"] : [host] }

    /// The host by which a client on this machine reaches it.
    var clientHost: String { host == "0.0.0.0" || host == "::" ? "localhost" : host }
}
