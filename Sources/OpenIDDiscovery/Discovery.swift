import AsyncHTTPClient
import Foundation
import Identity
import NIOCore
import NIOSSL
import OutboundNetwork

/// Fetches issuers' keys over TLS: the discovery document, then the key set that it names.
///
/// Source: OpenID Connect Discovery 1.0, section 4. The addresses that are asked are checked first (`PublicAddresses`), and
/// redirects are not followed: an issuer's URL is chosen by whoever may register issuers, and must not lead into the
/// server's own network.
package struct Discovery: IssuerKeySource {
    /// For both documents together.
    private static let patience = TimeAmount.seconds(10)
    private static let limit = 1 << 20

    private let addresses: PublicAddresses
    private let authorities: [NIOSSLCertificate]

    /// `authorityFile` is a PEM file of further authorities to trust beside the system's; `networks` are ranges in CIDR
    /// notation, not public, whose issuers may be asked all the same. Throws when one of them is not readable.
    package init(authorityFile: String? = nil, networks: [String] = []) throws {
        authorities = try authorityFile.map { try NIOSSLCertificate.fromPEMFile($0) } ?? []
        addresses = try PublicAddresses(besides: networks)
    }

    /// The key set of `issuer`, at most 1 MiB of it.
    package func keySet(of issuer: String) async throws -> [UInt8] {
        let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        let document = try await get(base + "/.well-known/openid-configuration")
        guard let configuration = try? JSONDecoder().decode(Configuration.self, from: Data(document)) else {
            throw IssuerUnreachable("The discovery document of \(issuer) is not one.")
        }
        guard configuration.issuer == issuer else {
            throw IssuerUnreachable("The discovery document of \(issuer) is of another issuer.")
        }
        return try await get(configuration.jwks_uri)
    }

    // The member's name is OpenID's.
    private struct Configuration: Decodable {
        let issuer: String
        let jwks_uri: String
    }

    private func get(_ text: String) async throws -> [UInt8] {
        guard let url = URL(string: text), url.scheme == "https", let host = url.host() else {
            throw IssuerUnreachable("\(text) is not a URL of https.")
        }
        let name = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let address: String
        do {
            address = try await addresses.resolve(name)
        } catch {
            throw IssuerUnreachable("\(error) The setting issuer-network can permit more addresses than the public ones.")
        }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: Self.patience, read: Self.patience, write: Self.patience))
        // The connection goes to the very address that was checked: a second look-up could answer another one.
        configuration.dnsOverride = [name: address]
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let bytes = try await Self.body(of: text, client)
            try await client.shutdown()
            return bytes
        } catch {
            try await client.shutdown()
            if let error = error as? IssuerUnreachable { throw error }
            throw IssuerUnreachable("\(text) cannot be fetched: \(error)")
        }
    }

    private static func body(of url: String, _ client: HTTPClient) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "Accept", value: "application/json")
        let response = try await client.execute(request, timeout: patience)
        guard response.status == .ok else { throw IssuerUnreachable("\(url) answers with status \(response.status.code).") }
        return Array(try await response.body.collect(upTo: limit).readableBytesView)
    }

    private var tls: TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if !authorities.isEmpty { tls.additionalTrustRoots = [.certificates(authorities)] }
        return tls
    }
}
