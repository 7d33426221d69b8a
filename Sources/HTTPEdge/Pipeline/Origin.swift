/// Where a server is reached: scheme, host and port, nothing after them.
struct Origin: Hashable, Sendable {
    let isSecure: Bool
    /// `host` or `host:port`, as in a Host header.
    let authority: String

    init(isSecure: Bool, authority: String) {
        self.isSecure = isSecure
        self.authority = authority
    }

    /// The origin that `url` writes, with or without a slash at the end; nil when it is none or has more.
    init?(_ url: String) {
        for (scheme, isSecure) in [("http://", false), ("https://", true)] where url.hasPrefix(scheme) {
            var rest = url.dropFirst(scheme.count)
            if rest.hasSuffix("/") { rest = rest.dropLast() }
            guard HostName(String(rest)) != nil else { return nil }
            self.init(isSecure: isSecure, authority: String(rest))
            return
        }
        return nil
    }

    var description: String { (isSecure ? "https://" : "http://") + authority }
}
