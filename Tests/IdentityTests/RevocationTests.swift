import AWSCore
import IAM
import Identity
import Stores
import TestSupport
import Testing

@Suite("Revocation") struct RevocationTests {
    private let world: IdentityWorld
    private let identity: IdentityServices
    private var installation: TestInstallation { world.installation }

    init() async throws {
        world = try await IdentityWorld()
        identity = world.installation.identity
    }

    private func session(of role: String, lifetime: Duration = .seconds(3600)) async throws -> (TemporaryCredentials, Caller) {
        let credentials = try await identity.sessions.issue(
            SessionRequest(origin: .assumeRole, account: installation.account, principal: role, name: "s", lifetime: lifetime))
        guard let caller = try await caller(credentials) else { throw TestSetupError("no caller") }
        return (credentials, caller)
    }

    private func caller(_ credentials: TemporaryCredentials) async throws -> Caller? {
        let found = try await identity.credentials.signer(
            credentials.accessKeyID, sessionToken: credentials.sessionToken, region: installation.region)
        guard case .known(_, let caller) = found else { return nil }
        return caller
    }

    private func lives(_ token: DockerToken) async throws -> Bool {
        do {
            _ = try await identity.dockerTokens.caller(for: token.password)
            return true
        } catch TokenRefusal.invalid {
            return false
        }
    }

    @Test("A docker token ends with the session that asked, and says so") func sessionEnd() async throws {
        let role = try await world.makeRole("Deploy")
        let (credentials, caller) = try await session(of: role)
        let token = try await identity.dockerTokens.issue(to: caller)
        #expect(token.expiresAt == credentials.expiresAt)
        #expect(try await identity.dockerTokens.caller(for: token.password) == caller)
        installation.clock.set(token.expiresAt)
        await #expect(throws: TokenRefusal.expired) { try await identity.dockerTokens.caller(for: token.password) }
    }

    @Test("Of a long session it lives twelve hours; as a setting, of every session") func twelveHours() async throws {
        let role = try await world.makeRole("Deploy")
        let start = installation.clock.now
        let (_, long) = try await session(of: role, lifetime: .seconds(36 * 3600))
        #expect(try await identity.dockerTokens.issue(to: long).expiresAt == start + .seconds(12 * 3600))

        let plain = IdentityServices(
            database: installation.sqlite, keys: installation.keys, clock: installation.clock, ids: installation.ids, tokensOutliveSessions: true)
        let (_, short) = try await session(of: role, lifetime: .seconds(900))
        let token = try await plain.dockerTokens.issue(to: short)
        #expect(token.expiresAt == start + .seconds(12 * 3600))
        installation.clock.set(start + .seconds(11 * 3600))
        #expect(try await plain.dockerTokens.caller(for: token.password).arn == short.arn)
    }

    @Test("By token id, this token alone, from the next request on") func byToken() async throws {
        let role = try await world.makeRole("Deploy")
        let (_, caller) = try await session(of: role)
        let (one, two) = (try await identity.dockerTokens.issue(to: caller), try await identity.dockerTokens.issue(to: caller))
        #expect(try await lives(one))
        let listed = try await identity.dockerTokens.list(limit: 10)
        #expect(listed.count == 2)
        #expect(Set(listed.map(\.principal)) == [caller.arn])
        #expect(try await identity.dockerTokens.revoke(.token(listed[0].id)))
        let lives = [try await lives(one), try await lives(two)]
        #expect(lives.filter { $0 }.count == 1)
        #expect(try await identity.dockerTokens.list(limit: 10).map(\.id) == [listed[1].id])
        #expect(try await !identity.dockerTokens.revoke(.token("unknown")))
    }

    @Test("By access key: a session dies with its docker tokens, a long-lived key stays good") func byAccessKey() async throws {
        let role = try await world.makeRole("Deploy")
        let (credentials, caller) = try await session(of: role)
        let (others, other) = try await session(of: role)
        let token = try await identity.dockerTokens.issue(to: caller)
        let otherToken = try await identity.dockerTokens.issue(to: other)
        let rootToken = try await identity.dockerTokens.issue(to: installation.root(accessKeyID: world.rootKey.id))
        #expect(try await identity.dockerTokens.revoke(.accessKey(credentials.accessKeyID)))
        #expect(try await !lives(token))
        #expect(try await self.caller(credentials) == nil)
        #expect(try await lives(otherToken))
        #expect(try await self.caller(others) != nil)

        #expect(try await identity.dockerTokens.revoke(.accessKey(world.rootKey.id)))
        #expect(try await !lives(rootToken))
        guard case .known = try await identity.credentials.signer(world.rootKey.id, sessionToken: nil, region: installation.region) else {
            Issue.record("the key itself must stay good")
            return
        }
        installation.clock.advance(by: .seconds(1))
        #expect(try await lives(identity.dockerTokens.issue(to: installation.root(accessKeyID: world.rootKey.id))))
    }

    @Test("By principal, not before: what is issued later is good") func byPrincipal() async throws {
        let role = try await world.makeRole("Deploy", path: "/ci/")
        let other = try await world.makeRole("Other")
        let (credentials, caller) = try await session(of: role)
        let (_, stranger) = try await session(of: other)
        let token = try await identity.dockerTokens.issue(to: caller)
        let strangers = try await identity.dockerTokens.issue(to: stranger)
        let arn = try #require(ARN("arn:aws:iam::123456789012:role/ci/Deploy"))
        #expect(try await !identity.dockerTokens.revoke(.principal(try #require(ARN("arn:aws:iam::123456789012:role/Deploy")))))
        #expect(try await lives(token))
        #expect(try await identity.dockerTokens.revoke(.principal(arn)))
        #expect(try await !lives(token))
        #expect(try await self.caller(credentials) == nil)
        #expect(try await lives(strangers))
        installation.clock.advance(by: .seconds(1))
        let (_, again) = try await session(of: role)
        #expect(try await lives(identity.dockerTokens.issue(to: again)))
    }

    @Test("Holds after a restart and in another process") func otherProcess() async throws {
        let token = try await identity.dockerTokens.issue(to: installation.root(accessKeyID: world.rootKey.id))
        #expect(try await lives(token))
        let root = try #require(ARN("arn:aws:iam::123456789012:root"))
        #expect(try await installation.identity.dockerTokens.revoke(.principal(root)))
        #expect(try await !lives(token))
    }

    @Test("The record of tokens is dropped once they have expired") func record() async throws {
        let root = installation.root(accessKeyID: world.rootKey.id)
        for _ in 0..<3 { _ = try await identity.dockerTokens.issue(to: root) }
        installation.clock.advance(by: .seconds(12 * 3600 + 1))
        #expect(try await identity.dockerTokens.list(limit: 10).isEmpty)
        _ = try await identity.dockerTokens.issue(to: root)
        let rows = try await installation.sqlite.read { try $0.rows("SELECT id FROM docker_tokens") { $0.text(0) } }
        #expect(rows.count == 1)
    }
}
