import AWSCore
import Foundation
import HTTPEdge
import Logging
import RegistryCore

/// The settings of a run, each taken from the first source that has it and checked; what is missing has its default.
struct Settings: Sendable {
    let data: DataFolder
    /// Where to listen for plain HTTP.
    let listen: [ListenAddress]
    /// Where to listen for HTTPS.
    let listenTLS: [ListenAddress]
    /// Nil when none are named and `berth tls init` has made none.
    let certificate: CertificateFiles?
    /// Nil when nobody names one: then it is the data folder's own, or the default for a new folder.
    let account: AccountID?
    let region: Region
    /// Empty for every region.
    let regions: Set<Region>
    /// Without a slash at the end.
    let publicURL: String?
    let domains: [String: RegistryID]
    /// Nil when nobody names one.
    let publicHost: PublicHost?
    /// Where to listen for public registries alone; never port 0.
    let publicListen: [ListenAddress]
    let trustedProxies: [AddressRange]
    let allowPlaintext: Bool
    let bearerTokens: Bool
    let fullTokenLife: Bool
    /// A PEM file; nil when the system's authorities are all.
    let issuerAuthority: String?
    /// In CIDR notation.
    let issuerNetworks: [String]
    /// When whole blobs are hashed while they are read.
    let verifyReads: ReadVerification
    /// Bytes a second of the scrub; 0 for none.
    let scrubRate: Int64
    /// The folder of what only archived images need.
    let archive: String
    let events: EventSettings
    let limits: Limits
    let rates: Rates
    let rootKey: String
    /// Nil when all keys are held here.
    let kms: KMSSettings?
    /// The file of the passphrase that stands for the root key; nil when there is none.
    let rootPassphrase: String?
    /// The key of the service elsewhere that the root key lies under; nil when it lies under none.
    let rootKMSKey: String?
    /// Whether what is pushed is encrypted.
    let isEncrypting: Bool
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
        certificate = Self.certificate(read.value(.tlsCertificate), key: read.value(.tlsKey), in: data)
        account = try read.value(.account) { AccountID($0) }
        region = try read.value(.region) { Region($0) } ?? .usEast1
        regions = Set(try read.list(.regions) { Region($0) })
        publicURL = try read.value(.publicURL, Self.publicURL(_:))
        domains = Dictionary(try read.list(.domain, Self.domain(_:)), uniquingKeysWith: { $1 })
        publicHost = try read.value(.publicHost) { PublicHost($0) }
        // A port that nobody knows would be in no image name.
        publicListen = try read.list(.publicListen) { ListenAddress($0).flatMap { $0.port == 0 ? nil : $0 } }
        trustedProxies = try read.list(.trustedProxy) { AddressRange($0) }
        allowPlaintext = try read.value(.allowPlaintext) { Bool($0) } ?? false
        bearerTokens = try read.value(.bearerTokens) { Bool($0) } ?? false
        fullTokenLife = try read.value(.fullTokenLife) { Bool($0) } ?? false
        issuerAuthority = read.value(.issuerAuthority)
        issuerNetworks = try read.list(.issuerNetwork) { AddressRange($0) == nil ? nil : $0 }
        verifyReads = try read.value(.verifyReads) { ReadVerification(rawValue: $0) } ?? .hourly
        scrubRate = try read.value(.scrubRate) { Int64($0).flatMap { (0...100_000).contains($0) ? $0 << 20 : nil } } ?? 10 << 20
        archive = read.value(.archive) ?? data.archive
        events = try EventSettings(read, in: data)
        limits = try read.list(.limit, Self.limit(_:)).reduce(into: Limits()) { limits, limit in _ = limit.name.apply(limit.value, to: &limits) }
        let preset = try read.value(.rates, Self.rates(_:)) ?? .generous
        rates = try read.list(.rate, Self.rate(_:)).reduce(into: preset) { $0[$1.action] = $1.rate }
        rootKey = read.value(.rootKey) ?? data.rootKey
        kms = try KMSSettings(read, in: data, region: region)
        rootPassphrase = read.value(.rootPassphrase)
        rootKMSKey = read.value(.rootKMSKey)
        isEncrypting = try read.value(.encryption) { ["on": true, "off": false][$0] } ?? true
        logLevel = try read.value(.logLevel) { Logger.Level(rawValue: $0) } ?? .info
        logFormat = try read.value(.logFormat) { LogFormat(rawValue: $0) } ?? .text
    }

    /// True when the root key is the file `rootKey`, and not made of something else.
    var hasRootKeyFile: Bool { rootPassphrase == nil && rootKMSKey == nil }

    /// What the HTTP side is told, for an installation of `account`.
    func edge(account: AccountID) -> EdgeConfiguration {
        var edge = EdgeConfiguration(account: account, region: region)
        edge.plain = listen.flatMap(\.bindings)
        edge.tls = listenTLS.flatMap(\.bindings)
        edge.certificate = certificate
        edge.allowPlaintext = allowPlaintext
        edge.publicURL = publicURL
        edge.customDomains = domains
        edge.publicHost = publicHost
        edge.publicListeners = publicListen.flatMap(\.bindings)
        edge.takesTokens = bearerTokens
        edge.trustedProxies = trustedProxies
        edge.regions = regions
        return edge
    }
}

extension Settings {
    /// What the shell means by `~`; Foundation's home folder on Linux is the password file's, whatever HOME says.
    private static var defaultDataFolder: String { (ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory()) + "/.local/share/berth" }

    private static func certificate(_ certificate: String?, key: String?, in data: DataFolder) -> CertificateFiles? {
        if certificate == nil, key == nil, !FileManager.default.fileExists(atPath: data.serverCertificate) { return nil }
        return CertificateFiles(certificate: certificate ?? data.serverCertificate, key: key ?? data.serverKey)
    }
}
