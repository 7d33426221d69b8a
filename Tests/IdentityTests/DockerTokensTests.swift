import AWSCore
import IAM
import Identity
import Stores
import TestSupport
import Testing

@Suite("Docker tokens") struct DockerTokensTests {
    private let installation: TestInstallation
    private let accessKeys: AccessKeys
    private let tokens: DockerTokens
    private let caller: Caller

    init() async throws {
        installation = try TestInstallation()
        try await Accounts(database: installation.sqlite).establish(installation.account)
        let identity = installation.identity
        accessKeys = identity.accessKeys
        let key = try await accessKeys.resetRootKey(of: installation.account)
        caller = .root(of: installation.account, accessKeyID: key.id, region: installation.region)
        tokens = identity.dockerTokens
    }

    private func setKeys(_ transaction: any WriteTransaction, active: Bool) throws {
        try transaction.execute("UPDATE access_keys SET is_active = \(active)")
        try AuthorizationChanges.advance(transaction)
    }

    /// Tokens of the same installation, as after a restart: nothing in memory.
    private func restarted(keys: (any KeyProvider)? = nil) -> DockerTokens {
        IdentityServices(database: installation.sqlite, keys: keys ?? installation.keys, clock: installation.clock, ids: SystemIDs()).dockerTokens
    }

    @Test("Stand for their caller for twelve hours, to the millisecond") func lifetime() async throws {
        let token = try await tokens.issue(to: caller)
        #expect(token.expiresAt == installation.clock.now + .seconds(12 * 3600))
        #expect(try await tokens.caller(for: token.password) == caller)
        #expect(try await tokens.caller(for: token.password) == caller)
        installation.clock.set(token.expiresAt - .milliseconds(1))
        #expect(try await tokens.caller(for: token.password) == caller)
        #expect(try await restarted().caller(for: token.password) == caller)
        installation.clock.set(token.expiresAt)
        for tokens in [tokens, restarted()] {
            await #expect(throws: TokenRefusal.expired) { try await tokens.caller(for: token.password) }
        }
    }

    @Test("Keep the region that they were asked for in") func region() async throws {
        let region = try #require(Region("eu-west-3"))
        let other = Caller.root(of: caller.account, accessKeyID: try #require(caller.accessKeyID), region: region)
        let token = try await tokens.issue(to: other)
        #expect(try await tokens.caller(for: token.password).region == region)
    }

    @Test("Are short, without a colon, each its own, and say nothing in clear") func form() async throws {
        let passwords = [try await tokens.issue(to: caller).password, try await tokens.issue(to: caller).password]
        #expect(passwords[0] != passwords[1])
        for password in passwords {
            #expect(password.utf8.count < 2500)
            #expect(password.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        }
    }

    @Test("Have ids that a command line takes as they are") func ids() async throws {
        for _ in 0..<200 { _ = try await tokens.issue(to: caller) }
        let ids = try await tokens.list(limit: 1000).map(\.id)
        #expect(Set(ids).count == 200)
        for id in ids { #expect(id.count == 20 && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }, "\(id)") }
    }

    @Test("Refuse the change of any byte, a byte more and a byte less") func tampering() async throws {
        let password = Array(try await tokens.issue(to: caller).password.utf8)
        var changed = password.indices.map { index in
            var bytes = password
            bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            return bytes
        }
        changed += [password + [UInt8(ascii: "A")], password.dropLast(), Array(password.dropFirst()), [], Array("AWS".utf8)]
        changed += [password + Array("=".utf8), Array(repeating: UInt8(ascii: "A"), count: 5000), Array(password.prefix(16))]
        for bytes in changed {
            let text = String(decoding: bytes, as: UTF8.self)
            await #expect(throws: TokenRefusal.invalid, "\(text)") { try await tokens.caller(for: text) }
            await #expect(throws: TokenRefusal.invalid, "\(text)") { try await restarted().caller(for: text) }
        }
    }

    @Test("Die with their access key, also when they were used just before") func keyDeleted() async throws {
        let token = try await tokens.issue(to: caller)
        _ = try await tokens.caller(for: token.password)
        _ = try await accessKeys.resetRootKey(of: installation.account)
        await #expect(throws: TokenRefusal.invalid) { try await tokens.caller(for: token.password) }
    }

    @Test("Sleep with their access key") func keyInactive() async throws {
        let token = try await tokens.issue(to: caller)
        _ = try await installation.sqlite.write { try setKeys($0, active: false) }
        await #expect(throws: TokenRefusal.invalid) { try await tokens.caller(for: token.password) }
        _ = try await installation.sqlite.write { try setKeys($0, active: true) }
        #expect(try await tokens.caller(for: token.password) == caller)
    }

    @Test("Another root key, or another installation, refuses them") func otherRootKey() async throws {
        let token = try await tokens.issue(to: caller)
        await #expect(throws: SealError.self) { try await restarted(keys: InMemoryKeyProvider()).caller(for: token.password) }

        let other = try TestInstallation()
        let others = IdentityServices(database: other.sqlite, keys: installation.keys, clock: other.clock, ids: other.ids).dockerTokens
        await #expect(throws: TokenRefusal.invalid) { try await others.caller(for: token.password) }
    }

    @Test("A new key seals every day, and the old ones go when no token of theirs can live") func rotation() async throws {
        let start = installation.clock.now
        var issued: [DockerToken] = []
        for hour in stride(from: 0, through: 96, by: 6) {
            installation.clock.set(start + .seconds(hour * 3600))
            issued.append(try await (hour % 12 == 0 ? tokens : restarted()).issue(to: caller))
            for token in issued where token.expiresAt > installation.clock.now {
                #expect(try await restarted().caller(for: token.password) == caller)
            }
        }
        let keys = Set(issued.map { $0.password.prefix(16) })
        #expect(keys.count == 5)
        let kept = try await installation.sqlite.read { try $0.rows("SELECT id FROM token_keys") { $0.text(0) } }
        #expect(kept.count == 3 && keys.isSuperset(of: kept.map { $0[...] }))
    }

    @Test("A caller without an access key gets none") func anonymous() async throws {
        await #expect(throws: TokenRefusal.invalid) {
            try await tokens.issue(to: .anonymous(account: installation.account, region: installation.region))
        }
    }
}
