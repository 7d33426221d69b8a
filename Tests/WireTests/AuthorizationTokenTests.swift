import Foundation
import Identity
import Testing

@testable import ECRAPI

/// The docker password that the API gives.
@Suite struct AuthorizationTokenTests {
    @Test func theTokenIsAPasswordOfTheCaller() async throws {
        let wire = try await Wire()
        let answer = try await wire.succeed("GetAuthorizationToken")
        let entry = try #require(answer["authorizationData"]?.elements.first)
        let base64 = try #require(entry["authorizationToken"]?.text)
        let token = try #require(Data(base64Encoded: base64))
        let parts = String(decoding: token, as: UTF8.self).split(separator: ":", maxSplits: 1)
        #expect(parts.first == "AWS")
        let password = String(try #require(parts.last))
        #expect(try await wire.dialect.tokens.caller(for: password) == wire.caller)
        #expect(entry["proxyEndpoint"] == "https://registry.test")
        #expect(entry["expiresAt"] == .integer(Int(wire.installation.clock.now.milliseconds) / 1000 + 12 * 3600))
    }

    @Test func eachRegistryHasAnEntryOfItsOwn() async throws {
        let wire = try await Wire()
        let ids: JSON = .array((0..<10).map { .string("00000000000\($0)") })
        let answer = try await wire.succeed("GetAuthorizationToken", ["registryIds": ids])
        #expect(answer["authorizationData"]?.elements.count == 10)
    }
}
