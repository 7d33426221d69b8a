import Foundation
import HTTPEdge
import Testing

@testable import berth

@Suite struct EndpointTests {
    private func endpoint(_ flags: [Setting: [String]], plain: [Int], tls: [Int] = []) throws -> Endpoint {
        let settings = try Settings(from: [.flags(flags.merging([.data: ["/data"]]) { $1 })])
        let bound = plain.map { BoundListener(address: ListenAddress(host: "127.0.0.1", port: $0), isTLS: false) }
        let boundTLS = tls.map { BoundListener(address: ListenAddress(host: "::1", port: $0), isTLS: true) }
        return Endpoint(settings: settings, bound: bound + boundTLS)
    }

    @Test func itIsThePlainListenerWithThePortThatTheSystemChose() throws {
        let endpoint = try endpoint([.listen: ["127.0.0.1:0"]], plain: [40_001])
        #expect(endpoint.url == "http://127.0.0.1:40001")
        #expect(endpoint.registry == "127.0.0.1:40001")
        #expect(endpoint.registriesConf == "/data/registries.conf")
    }

    @Test func localhostIsBothLoopbacks() throws {
        let address = try #require(ListenAddress("localhost:5000"))
        #expect(address.bindings.map(\.description) == ["127.0.0.1:5000", "[::1]:5000"])
        #expect(try endpoint([.listen: ["localhost:5000"]], plain: [5000]).url == "http://localhost:5000")
        #expect(try endpoint([.listen: ["localhost:0"]], plain: [40_001]).url == "http://localhost:40001")
    }

    @Test func everyAddressIsReachedAsLocalhost() throws {
        #expect(try endpoint([.listen: ["0.0.0.0:80"], .allowPlaintext: ["true"]], plain: [80]).url == "http://localhost:80")
    }

    @Test func withoutAPlainListenerItIsTheOneWithTLSAndItsAuthority() throws {
        let endpoint = try endpoint([.listenTLS: ["[::1]:0"], .tlsCertificate: ["/data/tls/server.crt"]], plain: [], tls: [443])
        #expect(endpoint.url == "https://[::1]:443")
        #expect(endpoint.registriesConf == nil)
        #expect(endpoint.authority == "/data/tls/ca.crt")
        #expect(try self.endpoint([.listenTLS: ["[::1]:1"], .tlsCertificate: ["/etc/own.crt"]], plain: [], tls: [1]).authority == nil)
    }

    @Test func thePublicURLWins() throws {
        let endpoint = try endpoint([.publicURL: ["https://registry.example.com/"]], plain: [5000])
        #expect(endpoint.url == "https://registry.example.com")
        #expect(endpoint.registry == "registry.example.com")
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let folder = DataFolder(path: NSTemporaryDirectory() + "berth-\(UUID().uuidString)")
        try folder.create()
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        #expect(throws: Refusal.self) { try Endpoint(lastStartedIn: folder) }
        let endpoint = Endpoint(url: "http://localhost:5000", region: "eu-west-1", registriesConf: folder.registriesConf, authority: nil)
        try endpoint.write(to: folder)
        #expect(try Endpoint(lastStartedIn: folder) == endpoint)
        #expect(try String(contentsOfFile: folder.registriesConf, encoding: .utf8).contains("location = \"localhost:5000\"\ninsecure = true"))

        #expect(throws: Refusal.self) { try RootCredentials(in: folder) }
        let credentials = RootCredentials(accessKeyID: "AKIAEXAMPLE", secretAccessKey: "a=b/c+d")
        try credentials.write(to: folder.clientCredentials)
        #expect(try RootCredentials(in: folder) == credentials)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.clientCredentials)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let folderAttributes = try FileManager.default.attributesOfItem(atPath: folder.path)
        #expect(folderAttributes[.posixPermissions] as? Int == 0o700)
    }
}
