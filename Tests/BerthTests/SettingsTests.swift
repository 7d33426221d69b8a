import AWSCore
import Foundation
import HTTPEdge
import RegistryCore
import Testing

@testable import berth

@Suite struct SettingsTests {
    private func settings(
        flags: [Setting: [String]] = [:], environment: [String: String] = [:], yaml: String = ""
    ) throws -> Settings {
        try Settings(from: [.flags(flags), .environment(environment), .yaml(yaml, path: "berth.yaml")])
    }

    /// What `berth serve` asks of its settings before it does anything.
    private func checked(_ flags: [Setting: [String]]) throws { try settings(flags: flags).edge(account: .zeros).check() }

    @Test func withoutAnySourceTheDefaultsHold() throws {
        let settings = try settings()
        #expect(settings.data.path.hasSuffix("/.local/share/berth"))
        #expect(settings.listen == [ListenAddress(host: "localhost", port: 5000)])
        #expect(settings.listenTLS.isEmpty)
        #expect(settings.account == nil)
        #expect(settings.region.description == "us-east-1")
        #expect(settings.regions.isEmpty)
        #expect(settings.logLevel == .info)
        #expect(settings.logFormat == .text)
        #expect(settings.rootKey == settings.data.rootKey)
    }

    @Test func theCommandLineWinsOverTheEnvironmentAndThatOverTheFile() throws {
        let yaml = "region: eu-west-1\nlisten: [127.0.0.1:1, 127.0.0.1:2]\ndata: /from/file\nlog-level: debug\n"
        let environment = ["BERTH_REGION": "eu-west-2", "BERTH_LISTEN": "127.0.0.1:3,127.0.0.1:4", "BERTH_DATA": "/from/environment"]
        let settings = try settings(flags: [.region: ["eu-west-3"], .listen: []], environment: environment, yaml: yaml)
        #expect(settings.region.description == "eu-west-3")
        #expect(settings.listen.map(\.port) == [3, 4])
        #expect(settings.data.path == "/from/environment")
        #expect(settings.logLevel == .debug)
    }

    @Test func anEmptyVariableSaysNothing() throws {
        #expect(try settings(environment: ["BERTH_REGION": ""], yaml: "region: eu-west-1").region.description == "eu-west-1")
    }

    @Test func accountsInYAMLAreTextAndNotNumbers() throws {
        #expect(try settings(yaml: "account: 000000000042").account?.description == "000000000042")
    }

    @Test func anHTTPSListenerAloneOpensNoPlainOne() throws {
        let settings = try settings(flags: [.listenTLS: ["0.0.0.0:443"], .tlsCertificate: ["/c"], .tlsKey: ["/k"]])
        #expect(settings.listen.isEmpty)
        #expect(settings.edge(account: .zeros).certificate == CertificateFiles(certificate: "/c", key: "/k"))
    }

    @Test func anHTTPSListenerNeedsACertificate() throws {
        #expect(throws: EdgeConfigurationError.certificateMissing) { try checked([.listenTLS: ["[::1]:443"], .data: ["/nonexistent"]]) }
    }

    @Test func plainHTTPBeyondThisMachineNeedsPermission() throws {
        #expect(throws: EdgeConfigurationError.self) { try checked([.listen: ["0.0.0.0:5000"]]) }
        try checked([.listen: ["0.0.0.0:5000"], .allowPlaintext: ["true"]])
        try checked([.listen: ["[::1]:5000", "127.0.0.9:1"]])
    }

    @Test func domainsNameARegistry() throws {
        let settings = try settings(yaml: "domain:\n  - Images.Example.com=123456789012/eu-west-1\n")
        let registry = RegistryID(account: try #require(AccountID("123456789012")), region: try #require(Region("eu-west-1")))
        #expect(settings.domains == ["images.example.com": registry])
    }

    @Test(
        "A value that is none of its setting is refused with the place where it was written",
        arguments: [
            (Setting.listen, "5000"), (.listen, "localhost:70000"), (.listen, "::1:5000"), (.account, "123"), (.region, "EU"),
            (.publicURL, "registry.example.com"), (.publicURL, "https://a/b"), (.domain, "a=1/b"), (.domain, "a"), (.allowPlaintext, "yes"),
            (.logLevel, "loud"), (.logFormat, "xml"), (.trustedProxy, "10.0.0.0/33"), (.trustedProxy, "proxy"),
        ])
    func refusesValues(setting: Setting, value: String) {
        let flag = #expect(throws: Refusal.self) { try settings(flags: [setting: [value]]) }
        #expect(flag?.description.hasPrefix("--\(setting.name) is “\(value)”") == true)
        let variable = #expect(throws: Refusal.self) { try settings(environment: [setting.environmentName: value]) }
        #expect(variable?.description.hasPrefix("\(setting.environmentName) is “\(value)”") == true)
        let line = #expect(throws: Refusal.self) { try settings(yaml: "\(setting.name): \"\(value)\"") }
        #expect(line?.description.hasPrefix("“\(setting.name)” in berth.yaml is “\(value)”") == true)
    }

    @Test func unknownSettingsInTheFileAreRefused() {
        let error = #expect(throws: Refusal.self) { try settings(yaml: "listne: localhost:1") }
        #expect(error?.description.contains("unknown setting “listne”") == true)
    }

    @Test(arguments: ["- a\n- b", "listen: {a: b}", "region: [a]", "region: \"\"", "{"])
    func filesOfAnotherShapeAreRefused(yaml: String) {
        #expect(throws: Refusal.self) { try settings(yaml: yaml) }
    }

    @Test func theDefaultRegionMustBeOneThatIsServed() throws {
        #expect(throws: EdgeConfigurationError.self) { try checked([.regions: ["eu-west-1"]]) }
        try checked([.regions: ["eu-west-1", "eu-west-2"], .region: ["eu-west-1"]])
    }
}
