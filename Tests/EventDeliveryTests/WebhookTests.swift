import Crypto
import Foundation
import OutboundNetwork
import RegistryCore
import Stores
import TestSupport
import Testing

@testable import EventDelivery

@Suite("The webhook") struct WebhookTests {
    static let secret = Array("a secret of thirty-two characters".utf8)
    static let events = [("one", 1), ("two", 2), ("three", 1)].enumerated().map { index, event in
        PendingEvent(
            id: Int64(index + 1), repositoryID: Int64(event.1), notedAt: Timestamp(milliseconds: 0), body: #"{"id":"\#(event.0)"}"#)
    }

    private func target(_ receiver: Receiver, networks: [String] = ["127.0.0.0/8"]) throws -> WebhookTarget {
        try WebhookTarget(url: "http://127.0.0.1:\(receiver.port)/hook", secret: Self.secret, networks: networks, clock: FixedClock())
    }

    @Test("Posts each event, signed over time and body") func posts() async throws {
        try await Receiver.with { receiver in
            let target = try target(receiver)
            let arrival = await target.deliver([Self.events[0], Self.events[2]])
            #expect(arrival.count == 2 && arrival.failure == nil)
            #expect(receiver.received.map(\.body) == [#"{"id":"one"}"#, #"{"id":"three"}"#])
            for request in receiver.received {
                #expect(request.type == "application/json")
                let seconds = FixedClock().now.milliseconds / 1000
                let code = HMAC<SHA256>.authenticationCode(
                    for: Data("\(seconds).\(request.body)".utf8), using: SymmetricKey(data: Self.secret))
                let hex = code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
                #expect(request.signature == "t=\(seconds),v1=\(hex)")
            }
        }
    }

    /// RFC 4231 has no case of this form; this one was made with `openssl dgst -sha256 -hmac`.
    @Test("The signature is the one that openssl makes") func vector() {
        let value = WebhookSignature.value(of: #"{"a":1}"#, at: Timestamp(milliseconds: 1_700_000_000_999), secret: Array("secret".utf8))
        #expect(value == "t=1700000000,v1=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686")
    }

    @Test("Stops at the first event that is refused", arguments: [500, 404, 301]) func refused(_ status: Int) async throws {
        try await Receiver.with(statuses: [204, status]) { receiver in
            let arrival = try await target(receiver).deliver([Self.events[0], Self.events[2], Self.events[2]])
            #expect(arrival.count == 1 && arrival.failure != nil)
            #expect(receiver.received.count == 2)
        }
    }

    @Test("An address that is not public is not asked, unless its network is permitted") func addresses() async throws {
        try await Receiver.with { receiver in
            for networks in [[], ["10.0.0.0/8"]] {
                let arrival = try await target(receiver, networks: networks).deliver([Self.events[0]])
                #expect(arrival.count == 0 && arrival.failure is AddressRefused)
            }
            #expect(receiver.received.isEmpty)
        }
    }

    @Test("Whether it may be asked is told before the first event") func check() async throws {
        try await Receiver.with { receiver in
            try await target(receiver).check()
            await #expect(throws: AddressRefused.self) { try await target(receiver, networks: []).check() }
            #expect(receiver.received.isEmpty)
        }
    }

    @Test("A repository's events are one group, in order") func groups() async throws {
        try await Receiver.with { receiver in
            let groups = try target(receiver).groups(of: Self.events)
            #expect(groups.map { $0.map(\.id) } == [[1, 3], [2]])
        }
    }

    @Test("The URL must be one of http", arguments: ["ftp://example.com/", "example.com/hook", "https://", ""]) func urls(_ url: String) {
        #expect(throws: WebhookURLInvalid.self) { try WebhookTarget(url: url, secret: Self.secret, clock: FixedClock()) }
    }
}
