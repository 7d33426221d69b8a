import AsyncHTTPClient
import Foundation
import NIOCore
import NIOSSL
import OutboundNetwork
import RegistryCore
import Stores

/// Posts events to a URL, signed, one by one; any status of 200 to 299 means that the receiver has the event.
package struct WebhookTarget: EventTarget {
    /// For a connection and for an answer.
    private static let patience = TimeAmount.seconds(10)

    private let url: URL
    private let host: String
    private let secret: [UInt8]
    private let addresses: PublicAddresses
    private let clock: any WallClock

    /// `networks` are ranges in CIDR notation, not public, in which the receiver may be. Throws `AddressRefused` for one that is
    /// none, `WebhookURLInvalid` for a URL that is not of http or https.
    package init(url text: String, secret: [UInt8], networks: [String] = [], clock: any WallClock) throws {
        guard let url = URL(string: text), url.scheme == "http" || url.scheme == "https", let host = url.host(), !host.isEmpty else {
            throw WebhookURLInvalid(url: text)
        }
        self.url = url
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.secret = secret
        self.clock = clock
        addresses = try PublicAddresses(besides: networks)
    }

    /// Looks up where the receiver is, without asking it. Throws `AddressRefused` where events could not be posted now.
    package func check() async throws { _ = try await addresses.resolve(host) }

    package var destination: EventDestination { .webhook }

    package func groups(of events: [PendingEvent]) -> [[PendingEvent]] {
        Dictionary(grouping: events, by: \.repositoryID).values.sorted { $0[0].id < $1[0].id }
    }

    package func deliver(_ events: [PendingEvent]) async -> Arrival {
        var count = 0
        do {
            try await withClient { client in
                for event in events {
                    try await post(event, client)
                    count += 1
                }
            }
            return Arrival(count: count)
        } catch {
            return Arrival(count: count, failure: error)
        }
    }

    /// The connection goes to the very address that was checked: a second look-up could answer another one.
    private func withClient(_ body: (HTTPClient) async throws -> Void) async throws {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: Self.tls, redirectConfiguration: .disallow,
            timeout: .init(connect: Self.patience, read: Self.patience, write: Self.patience))
        configuration.dnsOverride = [host: try await addresses.resolve(host)]
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            try await body(client)
        } catch {
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    private static var tls: TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        return tls
    }

    private func post(_ event: PendingEvent, _ client: HTTPClient) async throws {
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "User-Agent", value: "berth")
        request.headers.add(
            name: WebhookSignature.header, value: WebhookSignature.value(of: event.body, at: clock.now, secret: secret))
        request.body = .bytes(ByteBuffer(string: event.body))
        let response = try await client.execute(request, timeout: Self.patience)
        // The connection serves the next event when its answer was read to the end; an endless one is not.
        for try await _ in response.body.prefix(64) {}
        guard (200..<300).contains(response.status.code) else {
            throw DeliveryFailure("\(url.absoluteString) answers with status \(response.status.code).")
        }
    }
}

/// A webhook's URL must be an absolute one of http or https.
package struct WebhookURLInvalid: Error, Hashable, CustomStringConvertible {
    package let url: String

    package var description: String { "\(url) is not a URL of http or https." }
}
