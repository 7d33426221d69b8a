import Identity
import OutboundNetwork
import Testing

@testable import OpenIDDiscovery

/// Where the server may be sent for the keys of an issuer. No test asks anybody: every address here is refused before.
@Suite("Discovery of issuers' keys") struct DiscoveryTests {
    @Test(
        "Public addresses only",
        arguments: [
            ("8.8.8.8", true), ("140.82.112.4", true), ("2606:4700::1111", true), ("172.32.0.1", true), ("11.0.0.1", true),
            ("127.0.0.1", false), ("10.1.2.3", false), ("172.16.0.1", false), ("172.31.255.255", false), ("192.168.1.1", false),
            ("169.254.169.254", false), ("100.64.0.1", false), ("0.0.0.0", false), ("224.0.0.1", false), ("255.255.255.255", false),
            ("::1", false), ("::", false), ("fe80::1", false), ("fd00::1", false), ("::ffff:10.0.0.1", false), ("::ffff:169.254.169.254", false),
            ("64:ff9b::a00:1", false), ("2002:a00:1::", false), ("fd00:ec2::254", false), ("ff02::1", false),
        ]) func addresses(_ address: String, _ isPublic: Bool) throws
    {
        #expect(try PublicAddresses(besides: []).allows(address) == isPublic)
    }

    @Test("And the ranges that the operator names, no more") func permitted() throws {
        let addresses = try PublicAddresses(besides: ["10.1.0.0/16", "fd00:1::/32", "127.0.0.1"])
        for (address, isAllowed) in [
            ("10.1.255.255", true), ("10.2.0.0", false), ("fd00:1::5", true), ("fd00:2::5", false), ("127.0.0.1", true), ("127.0.0.2", false),
            ("8.8.8.8", true),
        ] {
            #expect(addresses.allows(address) == isAllowed, "\(address)")
        }
        for text in ["10.0.0.0/33", "10.0.0", "x", "", "10.0.0.0/", "::1/129"] {
            #expect(throws: AddressRefused.self, "\(text)") { try PublicAddresses(besides: [text]) }
        }
    }

    @Test(
        "What leads to the server's own network, or is no https, is not asked",
        arguments: [
            "http://issuer.example.com", "file:///etc/passwd", "https://127.0.0.1:1", "https://localhost:1", "https://[::1]:1",
            "https://169.254.169.254",
            "https://2130706433", "https://0x7f.1", "https://[::ffff:127.0.0.1]:1", "", "https://",
        ]) func refused(_ issuer: String) async throws
    {
        let discovery = try Discovery()
        await #expect(throws: IssuerUnreachable.self) { try await discovery.keySet(of: issuer) }
    }
}
