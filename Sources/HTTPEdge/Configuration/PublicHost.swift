/// A name by which public registries are pulled from: `host` or `host:port`.
package struct PublicHost: Hashable, Sendable, CustomStringConvertible {
    /// ECR Public's own.
    package static let amazon = PublicHost(name: "public.ecr.aws", port: nil)

    /// In lower case.
    package let name: String
    /// Nil: whatever port the request came by.
    package let port: Int?

    private init(name: String, port: Int?) {
        self.name = name
        self.port = port
    }

    /// The host that `text` writes; nil when it is none.
    package init?(_ text: String) {
        guard let host = HostName(text) else { return nil }
        self.init(name: host.name, port: Self.port(of: text))
    }

    package var description: String { port.map { "\(name):\($0)" } ?? name }

    /// True when `host`, which `authority` holds, is this one.
    func isMeant(by host: HostName, _ authority: String) -> Bool {
        host.name == name && (port == nil || port == Self.port(of: authority))
    }

    private static func port(of authority: String) -> Int? {
        guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else { return nil }
        return Int(authority[authority.index(after: colon)...])
    }
}
