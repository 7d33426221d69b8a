import AWSCore
import Identity
import TestSupport
import Testing

@Suite("The default account") struct AccountsTests {
    @Test("Is recorded once, and any other is refused by name") func establish() async throws {
        let installation = try TestInstallation()
        let accounts = Accounts(database: installation.sqlite)
        #expect(try await accounts.recorded() == nil)
        try await accounts.establish(installation.account)
        try await accounts.establish(installation.account)
        #expect(try await accounts.recorded() == installation.account)

        let other = try #require(AccountID("000000000000"))
        let error = try await #require(throws: OtherAccount.self) { try await accounts.establish(other) }
        #expect(error.description.contains("123456789012") && error.description.contains("000000000000"))
        #expect(try await accounts.recorded() == installation.account)
    }
}
