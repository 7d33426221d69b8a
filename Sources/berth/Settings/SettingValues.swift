import AWSCore
import ECRAPI
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

    /// `name=number` of a limit, with a unit for sizes: `images-per-account=10000`, `layer-bytes=10GiB`; nil for anything else.
    static func limit(_ text: String) -> (name: NamedLimit, value: Int64)? {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count == 2, let name = NamedLimit.all.first(where: { $0.name == sides[0] }), let value = number(sides[1]) else { return nil }
        var limits = Limits()
        return name.apply(value, to: &limits) ? (name, value) : nil
    }

    /// `generous`, `ecr` or `none`.
    static func rates(_ text: String) -> Rates? {
        switch text {
        case "generous": .generous
        case "ecr": .ecr
        case "none": .unlimited
        default: nil
        }
    }

    /// `action=number` or `action=number/burst`, the action one of ECR's; nil for anything else.
    static func rate(_ text: String) -> (action: String, rate: Rate)? {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count == 2, ECRDialect.isOperation(String(sides[0])) else { return nil }
        let numbers = sides[1].split(separator: "/", omittingEmptySubsequences: false).map { Double($0) ?? -1 }
        guard (1...2).contains(numbers.count), numbers.allSatisfy({ $0.isFinite && $0 > 0 }), numbers.count == 1 || numbers[1] >= 1 else {
            return nil
        }
        return ("ecr:\(sides[0])", Rate(perSecond: numbers[0], burst: numbers.count == 2 ? numbers[1] : nil))
    }

    /// A whole number, with a unit of bytes or without.
    private static func number(_ text: Substring) -> Int64? {
        let units: [(String, Int64)] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)]
        let (suffix, unit) = units.first { text.hasSuffix($0.0) } ?? ("", 1)
        guard let count = Int64(text.dropLast(suffix.count)), count >= 0 else { return nil }
        let (value, overflow) = count.multipliedReportingOverflow(by: unit)
        return overflow ? nil : value
    }
}
