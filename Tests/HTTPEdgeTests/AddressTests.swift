import AWSCore
import HTTPTypes
import NIOCore
import NIOEmbedded
import RegistryCore
import Testing

@testable import HTTPEdge

@Suite struct AddressTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.1", false), ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
        ("192.0.2.0/25", "192.0.2.127", true), ("192.0.2.0/25", "192.0.2.128", false), ("0.0.0.0/0", "203.0.113.9", true),
        ("fd00::/8", "fd12::1", true), ("fd00::/8", "fe80::1", false), ("::1", "::1", true), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
        ("::/0", "10.0.0.1", false),
    ])
    func rangesContainTheirAddresses(range: String, address: String, expected: Bool) throws {
        let range = try #require(AddressRange(range))
        #expect(range.contains(try #require(IPAddress(address))) == expected)
    }

    /// Of IPv6, one host has at least 64 bits for itself.
    @Test(arguments: [("2001:db8::", "1", "2", "2001:db8:0:1::1"), ("192.0.2.", "1", "1", "192.0.2.2")])
    func oneAddressHasItsShareOfAListener(prefix: String, first: String, second: String, other: String) throws {
        let addresses = AddressConnections(limit: 2, except: [])
        func channel(from address: String) throws -> EmbeddedChannel {
            let channel = EmbeddedChannel()
            channel.remoteAddress = try SocketAddress(ipAddress: address, port: 1)
            return channel
        }
        let held = try [first, second].map { try channel(from: prefix + $0) }
        for channel in held { #expect(addresses.take(channel)) }
        #expect(!addresses.take(try channel(from: prefix + first)))
        #expect(addresses.take(try channel(from: other)))
        _ = try held[0].finish()
        #expect(addresses.take(try channel(from: prefix + second)))
        #expect(!addresses.take(try channel(from: prefix + second)))
    }

    @Test func fewOfTheRefusedStay() throws {
        let addresses = AddressConnections(limit: 2, except: [])
        let channels = (0..<256).map { _ in EmbeddedChannel() }
        for channel in channels { #expect(addresses.mayLinger(channel)) }
        #expect(!addresses.mayLinger(EmbeddedChannel()))
        _ = try channels[7].finish()
        #expect(addresses.mayLinger(EmbeddedChannel()))
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0", "::/129", "10.0.0.0/8/8", "host", "10.0.0.0/ 8", "10.0.0.0\0/8"])
    func malformedRangesAreNone(text: String) { #expect(AddressRange(text) == nil) }

    @Test(arguments: [
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com", "123456789012", "eu-west-1"),
        ("123456789012.dkr.ecr.eu-west-1.example.org:5000", "123456789012", "eu-west-1"),
        ("123456789012.DKR.ECR.US-EAST-1.amazonaws.com", "123456789012", "us-east-1"),
        ("123456789012.dkr-ecr.us-west-2.on.aws", "123456789012", "us-west-2"),
    ])
    func hostsNameRegistries(host: String, account: String, region: String) throws {
        let registry = try #require(HostName(host)?.registry)
        #expect(registry.account.description == account && registry.region.description == region)
    }

    @Test(arguments: ["localhost:5000", "12345.dkr.ecr.us-east-1.amazonaws.com", "123456789012.dkr.ecr.us-east-1", "x.123456789012.dkr.ecr.a.b"])
    func otherHostsNameNone(host: String) throws { #expect(try #require(HostName(host)).registry == nil) }

    @Test(arguments: ["", "a b", "host:70000", "host:", "[::1", "[::g]:80", "a/b", "user@host", "host:1:2", "[::1]x", "[::1\0@]"])
    func malformedHostsAreNone(host: String) { #expect(host == "host:" || HostName(host) == nil) }

    @Test func listenAddressesAreReadAndWritten() throws {
        #expect(ListenAddress("[::1]:5000")?.description == "[::1]:5000")
        #expect(ListenAddress("127.0.0.1:0")?.isLoopback == true)
        #expect(ListenAddress("[::1]:1")?.isLoopback == true)
        #expect(ListenAddress("localhost:1")?.isLoopback == true)
        #expect(ListenAddress("0.0.0.0:1")?.isLoopback == false)
        #expect(ListenAddress("127.0.0.1.evil.org:1")?.isLoopback == false)
        for text in ["", ":1", "host", "::1:80", "host:65536", "host:-1"] { #expect(ListenAddress(text) == nil, "\(text)") }
    }

    @Test func plaintextBeyondLoopbackIsRefusedWithASentence() {
        var configuration = Sample.configuration
        configuration.plain = [ListenAddress(host: "0.0.0.0", port: 5000)]
        #expect(throws: EdgeConfigurationError.plaintextBeyondLoopback(ListenAddress(host: "0.0.0.0", port: 5000))) { try configuration.check() }
        configuration.allowPlaintext = true
        #expect(throws: Never.self) { try configuration.check() }
        configuration.tls = [ListenAddress(host: "0.0.0.0", port: 5001)]
        #expect(throws: EdgeConfigurationError.certificateMissing) { try configuration.check() }
        configuration.tls = []
        configuration.publicURL = "registry.example.com"
        #expect(throws: EdgeConfigurationError.badPublicURL("registry.example.com")) { try configuration.check() }
    }

    private func resolve(_ fields: HTTPFields, peer: String, trusted: [String] = ["10.0.0.0/8"]) -> CallerAddress? {
        let head = HTTPRequest(method: .get, scheme: "http", authority: "berth.test", path: "/v2/", headerFields: fields)
        return CallerAddresses(trustedProxies: trusted.compactMap(AddressRange.init)).resolve(head, peer: peer, isTLS: false)
    }

    private let forwarded: HTTPFields = {
        var fields = HTTPFields()
        fields[.named("X-Forwarded-For")] = "203.0.113.66, 198.51.100.7, 10.0.0.2"
        fields[.named("X-Forwarded-Proto")] = "https"
        fields[.named("X-Forwarded-Host")] = "registry.example.com"
        return fields
    }()

    @Test func forwardedHeadersOfStrangersAreIgnored() {
        #expect(resolve(forwarded, peer: "192.0.2.1") == CallerAddress(sourceIP: "192.0.2.1", authority: "berth.test", isSecure: false))
        #expect(resolve(forwarded, peer: "10.0.0.1", trusted: []) == CallerAddress(sourceIP: "10.0.0.1", authority: "berth.test", isSecure: false))
    }

    @Test func trustedProxiesAreBelievedForTheHopsThatTheySaw() {
        // 10.0.0.1 saw 10.0.0.2, which is trusted and saw 198.51.100.7; what that one claims is its own.
        #expect(resolve(forwarded, peer: "10.0.0.1") == CallerAddress(sourceIP: "198.51.100.7", authority: "registry.example.com", isSecure: true))
        #expect(resolve([:], peer: "10.0.0.1")?.sourceIP == "10.0.0.1")
        var broken = forwarded
        broken[.named("X-Forwarded-For")] = "evil, 10.0.0.2"
        broken[.named("X-Forwarded-Host")] = "a b"
        #expect(resolve(broken, peer: "10.0.0.1")?.sourceIP == "10.0.0.2")
        #expect(resolve(broken, peer: "10.0.0.1")?.authority == "berth.test")
    }
}
