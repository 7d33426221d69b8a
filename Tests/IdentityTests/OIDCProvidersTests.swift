import Identity
import TestSupport
import Testing

@Suite struct OIDCProvidersTests {
    private let installation: TestInstallation
    private let account: Account
    private let other: Account

    init() async throws {
        installation = try TestInstallation()
        try await Accounts(database: installation.sqlite).establish(installation.account)
        account = installation.identity.account(installation.account)
        other = installation.identity.account(.zeros)
    }

    @Test func aProviderIsAsItWasMade() async throws {
        let thumbprint = String(repeating: "a", count: 40)
        let made = try await account.createOIDCProvider(
            "https://gitlab.example.com:8443/a", clientIDs: ["y", "x", "y"], thumbprints: [thumbprint], tags: [IAMTag(key: "a", value: "b")])
        #expect(made.arn.description == "arn:aws:iam::123456789012:oidc-provider/gitlab.example.com:8443/a")
        #expect(made.clientIDs == ["x", "y"])
        let arn = made.arn.description
        #expect(try await account.oidcProvider(arn) == made)
        #expect(try await account.oidcProviders() == [made])
        #expect(try await account.tags(ofOIDCProvider: arn) == [IAMTag(key: "a", value: "b")])
        await #expect(throws: IdentityError.oidcProviderExists(url: "https://gitlab.example.com:8443/a")) {
            try await account.createOIDCProvider("https://gitlab.example.com:8443/a")
        }
        await #expect(throws: IdentityError.oidcProviderNotFound(arn: arn)) { try await other.oidcProvider(arn) }
    }

    @Test(arguments: [
        "http://a.example.com", "a.example.com", "https://", "https://a.example.com?x=1", "https://a.example.com/#b", "https://u@a.example.com",
    ])
    func whatIsNoIssuer(url: String) async throws {
        await #expect(throws: IdentityError.invalidOIDCProviderURL(url)) { try await account.createOIDCProvider(url) }
    }

    @Test func aProviderChangesAndGoes() async throws {
        let arn = try await account.createOIDCProvider("https://a.example.com", clientIDs: ["x"]).arn.description
        try await account.addClientID("y", toOIDCProvider: arn)
        try await account.addClientID("y", toOIDCProvider: arn)
        try await account.removeClientID("x", fromOIDCProvider: arn)
        try await account.setThumbprints(["b"], ofOIDCProvider: arn)
        #expect(try await account.oidcProvider(arn).clientIDs == ["y"])
        #expect(try await account.oidcProvider(arn).thumbprints == ["b"])
        await #expect(throws: IdentityError.quotaExceeded(.thumbprintsPerProvider, limit: 5)) {
            try await account.setThumbprints(["1", "2", "3", "4", "5", "6"], ofOIDCProvider: arn)
        }
        #expect(try await account.oidcProvider(arn).thumbprints == ["b"])
        try await account.deleteOIDCProvider(arn)
        try await account.deleteOIDCProvider(arn)
        await #expect(throws: IdentityError.oidcProviderNotFound(arn: arn)) { try await account.addClientID("z", toOIDCProvider: arn) }
        await #expect(throws: IdentityError.invalidOIDCProviderARN("arn:aws:iam::123456789012:role/x")) {
            try await account.oidcProvider("arn:aws:iam::123456789012:role/x")
        }
    }

    @Test func onlyAHundredAudiences() async throws {
        let ids = (0..<100).map { "client-\($0)" }
        let arn = try await account.createOIDCProvider("https://a.example.com", clientIDs: ids).arn.description
        await #expect(throws: IdentityError.quotaExceeded(.clientIDsPerProvider, limit: 100)) {
            try await account.addClientID("one", toOIDCProvider: arn)
        }
        #expect(try await account.oidcProvider(arn).clientIDs.count == 100)
    }
}
