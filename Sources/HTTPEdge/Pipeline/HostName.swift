import AWSCore
import RegistryCore

/// The host of a Host header, and what it says about the registry that is meant.
package struct HostName: Hashable, Sendable {
    /// In lower case, without port and brackets.
    package let name: String
    /// The registry of an AWS-shaped name, `<account>.dkr.ecr.<region>.<domain>` or `<account>.dkr-ecr.<region>.<domain>`.
    package let registry: RegistryID?

    /// The few names by which this server is asked for, which come with every request.
    private static let known = BoundedCache<String, HostName>(capacity: 1024)

    /// The host of `authority`, which is `host`, `host:port`, `[v6]` or `[v6]:port`; nil when it is malformed.
    package init?(_ authority: String) {
        if let known = Self.known[authority] {
            self = known
            return
        }
        guard let name = Self.name(of: authority) else { return nil }
        self.name = name
        registry = Self.registry(of: name)
        Self.known[authority] = self
    }

    private static func name(of authority: String) -> String? {
        var host = authority[...]
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return nil }
            let address = host[host.index(after: host.startIndex)..<end]
            guard IPAddress(address) != nil, isPort(host[host.index(after: end)...]) else { return nil }
            return String(address).lowercased()
        }
        if let colon = host.firstIndex(of: ":") {
            guard isPort(host[colon...]) else { return nil }
            host = host[..<colon]
        }
        guard (1...253).contains(host.utf8.count), host.utf8.allSatisfy(isAllowed) else { return nil }
        return host.lowercased()
    }

    private static func registry(of name: String) -> RegistryID? {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let domainStart: Int
        let region: Substring
        if labels.count > 4, labels[1] == "dkr", labels[2] == "ecr" {
            (region, domainStart) = (labels[3], 4)
        } else if labels.count > 3, labels[1] == "dkr-ecr" {
            (region, domainStart) = (labels[2], 3)
        } else {
            return nil
        }
        guard labels.count > domainStart, let account = AccountID(labels[0]), let region = Region(region) else { return nil }
        return RegistryID(account: account, region: region)
    }

    private static func isPort(_ text: some StringProtocol) -> Bool {
        text.isEmpty || (text.hasPrefix(":") && UInt16(text.dropFirst()) != nil)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
