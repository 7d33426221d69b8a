import AWSCore
import Foundation
import Logging
import RegistryCore

/// The settings of a run, each taken from the first source that has it and checked; what is missing has its default.
struct Settings: Sendable {
    let data: DataFolder
    /// Where to listen for plain HTTP.
    let listen: [ListenAddress]
    /// Where to listen for HTTPS.
    let listenTLS: [ListenAddress]
    /// Paths of the PEM files; given whenever there is an HTTPS listener.
    let tlsCertificate: String
    let tlsKey: String
    /// Nil when nobody names one: then it is the data folder's own, or the default for a new folder.
    let account: AccountID?
    let region: Region
    /// Nil for every region.
    let regions: Set<Region>?
    /// Without a slash at the end.
    let publicURL: String?
    let domains: [String: RegistryID]
    /// CIDR notation.
    let trustedProxies: [String]
    let rootKey: String
    let logLevel: Logger.Level
    let logFormat: LogFormat

    /// Reads `sources`, the strongest first. Throws `Refusal` for a value that is not one of its setting.
    init(from sources: [SettingSource]) throws {
        let read = SettingReader(sources: sources)
        let data = DataFolder(path: read.value(.data) ?? Self.defaultDataFolder)
        self.data = data
        listenTLS = try read.list(.listenTLS) { ListenAddress($0) }
        let plain = try read.list(.listen) { ListenAddress($0) }
        listen = plain.isEmpty && listenTLS.isEmpty ? [ListenAddress(host: "localhost", port: 5000)] : plain
        tlsCertificate = read.value(.tlsCertificate) ?? data.serverCertificate
        tlsKey = read.value(.tlsKey) ?? data.serverKey
        account = try read.value(.account) { AccountID($0) }
        region = try read.value(.region) { Region($0) } ?? .usEast1
        let regions = Set(try read.list(.regions) { Region($0) })
        self.regions = regions.isEmpty ? nil : regions
        publicURL = try read.value(.publicURL, Self.publicURL(_:))
        domains = Dictionary(try read.list(.domain, Self.domain(_:)), uniquingKeysWith: { $1 })
        trustedProxies = try read.list(.trustedProxy) { $0 }
        rootKey = read.value(.rootKey) ?? data.rootKey
        logLevel = try read.value(.logLevel) { Logger.Level(rawValue: $0) } ?? .info
        logFormat = try read.value(.logFormat) { LogFormat(rawValue: $0) } ?? .text

        let open = try read.value(.allowPlaintext) { Bool($0) } ?? false
        if !open, let address = listen.first(where: { !$0.isLoopback }) {
            throw Refusal(
                "Plain HTTP on \(address) would send passwords and images unprotected over the network. "
                    + "Use --listen-tls, or add --allow-plaintext if something in front of Berth protects them.")
        }
        if let regions = self.regions, !regions.contains(region) {
            throw Refusal("The region \(region) is not among --regions; name one of them with --region.")
        }
    }
}

extension Settings {
    private static var defaultDataFolder: String { NSHomeDirectory() + "/.local/share/berth" }
}
