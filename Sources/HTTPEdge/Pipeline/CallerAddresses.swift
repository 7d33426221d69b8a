import HTTPTypes

/// From where a request came, and the name by which it asked for this server.
struct CallerAddress: Hashable, Sendable {
    /// Without port.
    let sourceIP: String
    /// The host, with a port where it was given.
    let authority: String
    let isSecure: Bool

    var origin: String { Origin(isSecure: isSecure, authority: authority).description }
}

/// Finds out from where a request came. `X-Forwarded-…` is believed of trusted proxies only: anyone else could write there
/// whatever suits.
struct CallerAddresses: Sendable {
    let trustedProxies: [AddressRange]

    /// Nil when the request does not name one well-formed host, or has no path.
    func resolve(_ head: HTTPRequest, peer: String, isTLS: Bool) -> CallerAddress? {
        // The first Host header has become the authority; any other is left among the fields.
        guard let authority = head.authority, HostName(authority) != nil, !head.headerFields.contains(.host), head.path?.hasPrefix("/") == true
        else { return nil }
        guard !trustedProxies.isEmpty, let address = IPAddress(peer), isTrusted(address) else {
            return CallerAddress(sourceIP: peer, authority: authority, isSecure: isTLS)
        }
        let fields = head.headerFields
        let scheme = fields[.forwardedProto].map { $0.lastElement.lowercased() }
        let host = fields[.forwardedHost].map { String($0.lastElement) }.flatMap { HostName($0) == nil ? nil : $0 }
        return CallerAddress(
            sourceIP: client(behind: address, fields[.forwardedFor] ?? "").description, authority: host ?? authority,
            isSecure: scheme.map { $0 == "https" } ?? isTLS)
    }

    /// The last address of the chain that no trusted proxy has; each proxy appends the one that it sees.
    private func client(behind proxy: IPAddress, _ chain: String) -> IPAddress {
        var client = proxy
        for hop in chain.split(separator: ",").reversed() {
            guard isTrusted(client), let address = IPAddress(hop.trimmed) else { break }
            client = address
        }
        return client
    }

    private func isTrusted(_ address: IPAddress) -> Bool {
        trustedProxies.contains { $0.contains(address) }
    }
}

extension HTTPField.Name {
    fileprivate static let host = named("Host")
    fileprivate static let forwardedFor = named("X-Forwarded-For")
    fileprivate static let forwardedProto = named("X-Forwarded-Proto")
    fileprivate static let forwardedHost = named("X-Forwarded-Host")

    /// The name that `text` writes, which must be a valid one.
    static func named(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no header name") }
        return name
    }
}

extension StringProtocol {
    /// Without blanks at its ends.
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }

    /// What follows the last comma, without blanks.
    fileprivate var lastElement: String { (split(separator: ",").last ?? "").trimmed }
}
