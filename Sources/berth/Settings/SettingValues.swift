import AWSCore
import Foundation
import RegistryCore

extension Settings {
    /// `http://host` or `https://host`, with or without a port, and nothing behind it; nil for anything else.
    static func publicURL(_ text: String) -> String? {
        guard let parts = URLComponents(string: text), parts.scheme == "http" || parts.scheme == "https", let host = parts.host, !host.isEmpty,
            parts.path.isEmpty || parts.path == "/", parts.query == nil, parts.fragment == nil, parts.user == nil
        else { return nil }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// `host=account/region`; nil for anything else.
    static func domain(_ text: String) -> (host: String, registry: RegistryID)? {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count == 2, !sides[0].isEmpty, !sides[0].contains("/") else { return nil }
        let parts = sides[1].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let account = AccountID(parts[0]), let region = Region(parts[1]) else { return nil }
        return (sides[0].lowercased(), RegistryID(account: account, region: region))
    }
}
