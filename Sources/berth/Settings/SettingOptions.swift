import ArgumentParser
import Foundation

/// The settings as options of `berth serve`, each under the name and with the help of its `Setting`.
struct SettingOptions: ParsableArguments {
    @OptionGroup var folder: FolderOptions
    @Option(name: Setting.listen.flag, help: Setting.listen.help) var listen: [String] = []
    @Option(name: Setting.listenTLS.flag, help: Setting.listenTLS.help) var listenTLS: [String] = []
    @Option(name: Setting.tlsCertificate.flag, help: Setting.tlsCertificate.help) var tlsCertificate: String?
    @Option(name: Setting.tlsKey.flag, help: Setting.tlsKey.help) var tlsKey: String?
    @Option(name: Setting.account.flag, help: Setting.account.help) var account: String?
    @Option(name: Setting.region.flag, help: Setting.region.help) var region: String?
    @Option(name: Setting.regions.flag, help: Setting.regions.help) var regions: [String] = []
    @Option(name: Setting.publicURL.flag, help: Setting.publicURL.help) var publicURL: String?
    @Option(name: Setting.domain.flag, help: Setting.domain.help) var domain: [String] = []
    @Option(name: Setting.publicHost.flag, help: Setting.publicHost.help) var publicHost: String?
    @Option(name: Setting.publicListen.flag, help: Setting.publicListen.help) var publicListen: [String] = []
    @Option(name: Setting.trustedProxy.flag, help: Setting.trustedProxy.help) var trustedProxy: [String] = []
    @Flag(name: Setting.allowPlaintext.flag, help: Setting.allowPlaintext.help) var allowPlaintext = false
    @Flag(name: Setting.bearerTokens.flag, help: Setting.bearerTokens.help) var bearerTokens = false
    @Flag(name: Setting.fullTokenLife.flag, help: Setting.fullTokenLife.help) var fullTokenLife = false
    @Option(name: Setting.issuerAuthority.flag, help: Setting.issuerAuthority.help) var issuerAuthority: String?
    @Option(name: Setting.issuerNetwork.flag, help: Setting.issuerNetwork.help) var issuerNetwork: [String] = []
    @Option(name: Setting.verifyReads.flag, help: Setting.verifyReads.help) var verifyReads: String?
    @Option(name: Setting.scrubRate.flag, help: Setting.scrubRate.help) var scrubRate: String?
    @Option(name: Setting.eventFile.flag, help: Setting.eventFile.help) var eventFile: String?
    @Option(name: Setting.eventWebhook.flag, help: Setting.eventWebhook.help) var eventWebhook: String?
    @Option(name: Setting.eventWebhookSecret.flag, help: Setting.eventWebhookSecret.help) var eventWebhookSecret: String?
    @Option(name: Setting.eventWebhookNetwork.flag, help: Setting.eventWebhookNetwork.help) var eventWebhookNetwork: [String] = []
    @Option(name: Setting.limit.flag, help: Setting.limit.help) var limit: [String] = []
    @Option(name: Setting.rates.flag, help: Setting.rates.help) var rates: String?
    @Option(name: Setting.rate.flag, help: Setting.rate.help) var rate: [String] = []
    @Option(name: Setting.kmsEndpoint.flag, help: Setting.kmsEndpoint.help) var kmsEndpoint: String?
    @Option(name: Setting.kmsRegion.flag, help: Setting.kmsRegion.help) var kmsRegion: String?
    @Option(name: Setting.kmsCredentials.flag, help: Setting.kmsCredentials.help) var kmsCredentials: String?
    @Option(name: Setting.kmsAuthority.flag, help: Setting.kmsAuthority.help) var kmsAuthority: String?
    @Option(name: Setting.kmsKey.flag, help: Setting.kmsKey.help) var kmsKey: String?
    @Option(name: Setting.kmsGrantee.flag, help: Setting.kmsGrantee.help) var kmsGrantee: String?
    @Option(name: Setting.kmsCache.flag, help: Setting.kmsCache.help) var kmsCache: String?
    @Option(name: Setting.encryption.flag, help: Setting.encryption.help) var encryption: String?
    @Option(name: Setting.logLevel.flag, help: Setting.logLevel.help) var logLevel: String?
    @Option(name: Setting.logFormat.flag, help: Setting.logFormat.help) var logFormat: String?

    /// What was given on the command line, `data` and `root-key` among it.
    var given: [Setting: [String]] {
        var given = folder.given
        given[.listen] = listen
        given[.listenTLS] = listenTLS
        given[.tlsCertificate] = Array(tlsCertificate)
        given[.tlsKey] = Array(tlsKey)
        given[.account] = Array(account)
        given[.region] = Array(region)
        given[.regions] = regions
        given[.publicURL] = Array(publicURL)
        given[.domain] = domain
        given[.publicHost] = Array(publicHost)
        given[.publicListen] = publicListen
        given[.trustedProxy] = trustedProxy
        given[.allowPlaintext] = allowPlaintext ? ["true"] : []
        given[.bearerTokens] = bearerTokens ? ["true"] : []
        given[.fullTokenLife] = fullTokenLife ? ["true"] : []
        given[.issuerAuthority] = Array(issuerAuthority)
        given[.issuerNetwork] = issuerNetwork
        given[.verifyReads] = Array(verifyReads)
        given[.scrubRate] = Array(scrubRate)
        given[.eventFile] = Array(eventFile)
        given[.eventWebhook] = Array(eventWebhook)
        given[.eventWebhookSecret] = Array(eventWebhookSecret)
        given[.eventWebhookNetwork] = eventWebhookNetwork
        given[.limit] = limit
        given[.rates] = Array(rates)
        given[.rate] = rate
        given[.kmsEndpoint] = Array(kmsEndpoint)
        given[.kmsRegion] = Array(kmsRegion)
        given[.kmsCredentials] = Array(kmsCredentials)
        given[.kmsAuthority] = Array(kmsAuthority)
        given[.kmsKey] = Array(kmsKey)
        given[.kmsGrantee] = Array(kmsGrantee)
        given[.kmsCache] = Array(kmsCache)
        given[.encryption] = Array(encryption)
        given[.logLevel] = Array(logLevel)
        given[.logFormat] = Array(logFormat)
        return given
    }

    /// All settings, from the command line, the environment and the file, in this order.
    func settings() throws -> Settings { try folder.settings(given: given) }
}

/// What every command needs that works on a data folder.
struct FolderOptions: ParsableArguments {
    @Option(name: Setting.data.flag, help: Setting.data.help) var data: String?
    @Option(name: Setting.rootKey.flag, help: Setting.rootKey.help) var rootKey: String?
    @Option(name: Setting.rootPassphrase.flag, help: Setting.rootPassphrase.help) var rootPassphrase: String?
    @Option(name: Setting.rootKMSKey.flag, help: Setting.rootKMSKey.help) var rootKMSKey: String?
    @Option(name: Setting.archive.flag, help: Setting.archive.help) var archive: String?
    @Option(help: ArgumentHelp("A YAML file of settings; docs/configuration.md lists them (also: BERTH_CONFIG).", valueName: "FILE"))
    var config: String?

    var given: [Setting: [String]] {
        [
            .data: Array(data), .rootKey: Array(rootKey), .rootPassphrase: Array(rootPassphrase), .rootKMSKey: Array(rootKMSKey),
            .archive: Array(archive),
        ]
    }

    /// All settings, from the command line, the environment and the file, in this order.
    func settings() throws -> Settings { try settings(given: given) }

    fileprivate func settings(given: [Setting: [String]]) throws -> Settings {
        let variables = ProcessInfo.processInfo.environment
        var sources: [SettingSource] = [.flags(given), .environment(variables)]
        if let path = config ?? variables["BERTH_CONFIG"], !path.isEmpty { sources.append(try .file(path)) }
        return try Settings(from: sources)
    }
}

extension Setting {
    fileprivate var flag: NameSpecification { .customLong(name) }

    fileprivate var help: ArgumentHelp {
        let words = fallback.replacing("`", with: "")
        return ArgumentHelp("\(summary.replacing("`", with: "")) (default: \(words); also: \(environmentName)).", valueName: placeholder)
    }
}

extension Array {
    /// The value as a list of one, or an empty one.
    fileprivate init(_ optional: Element?) { self = optional.map { [$0] } ?? [] }
}
