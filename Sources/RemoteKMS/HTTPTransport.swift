import AWSCore
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOSSL

/// Calls over HTTP, by connections that are kept.
package final class HTTPTransport: RemoteTransport {
    /// For a connection and for an answer.
    private static let patience = TimeAmount.seconds(5)

    private let client: HTTPClient
    private let endpoint: String

    /// Throws when the authorities' file cannot be read.
    package init(_ settings: RemoteKMSSettings) throws {
        endpoint = settings.endpoint
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let file = settings.authorityFile { tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(file))] }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: Self.patience, read: Self.patience, write: Self.patience))
        // A repeated request is this module's own affair.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    package func post(_ signed: SignableRequest) async throws -> (status: Int, body: [UInt8]) {
        var request = HTTPClientRequest(url: endpoint + signed.path)
        request.method = .POST
        for header in signed.headers where header.name != "Host" { request.headers.add(name: header.name, value: header.value) }
        request.body = .bytes(ByteBuffer(bytes: signed.body))
        let response = try await client.execute(request, timeout: Self.patience)
        let body = try await response.body.collect(upTo: 64 << 10)
        return (Int(response.status.code), Array(body.readableBytesView))
    }

    /// Closes the connections; nothing can be posted afterwards.
    package func close() async throws { try await client.shutdown() }

    /// `host[:port]` as AsyncHTTPClient names it in requests to `endpoint`; nil for what is no URL of http or https.
    package static func host(of endpoint: String) -> String? {
        guard let url = URL(string: endpoint), let scheme = url.scheme, ["http", "https"].contains(scheme), let host = url.host(), !host.isEmpty
        else {
            return nil
        }
        guard let port = url.port, port != (scheme == "http" ? 80 : 443) else { return host }
        return "\(host):\(port)"
    }
}
