import AWSCore
import IAM
import Identity
import Stores
import TestSupport
import Testing

@Suite("Sessions") struct SessionsTests {
    private let world: IdentityWorld
    private var installation: TestInstallation { world.installation }

    init() async throws { world = try await IdentityWorld() }

    private func issue(
        _ origin: SessionFacts.Origin, _ principal: String, name: String? = nil, lifetime: Duration = .seconds(3600),
        _ change: (inout SessionRequest) -> Void = { _ in }
    ) async throws -> TemporaryCredentials {
        var request = SessionRequest(origin: origin, account: installation.account, principal: principal, name: name, lifetime: lifetime)
        change(&request)
        return try await installation.identity.sessions.issue(request)
    }

    private func caller(_ credentials: TemporaryCredentials, _ identity: IdentityServices? = nil) async throws -> Caller? {
        let found = try await (identity ?? installation.identity).credentials.signer(
            credentials.accessKeyID, sessionToken: credentials.sessionToken, region: installation.region)
        guard case .known(let secret, let caller) = found else { return nil }
        #expect(secret == credentials.secretAccessKey)
        return caller
    }

    @Test("A role's session is its caller: names, path, tags, policies and all that its issuer said") func role() async throws {
        let role = try await world.makeRole("Deploy", path: "/ci/", tags: ["team": "web", "Stage": "test"])
        let policy = #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ecr:*","Resource":"*"}}"#
        let credentials = try await issue(.assumeRole, role, name: "build@7") {
            $0.details = SessionDetails(
                policies: [policy], policyARNs: [], tags: ["stage": "live", "run": "7"], transitiveTagKeys: ["run"])
            $0.sourceIdentity = "alice"
            $0.isChained = true
        }
        #expect(credentials.accessKeyID.hasPrefix("ASIA") && credentials.accessKeyID.count == 20)
        #expect(credentials.secretAccessKey.count == 40)
        #expect(credentials.expiresAt == installation.clock.now + .seconds(3600))
        let caller = try #require(try await caller(credentials))
        #expect(caller.kind == .role(arn: "arn:aws:iam::123456789012:role/ci/Deploy"))
        #expect(caller.arn == "arn:aws:sts::123456789012:assumed-role/Deploy/build@7")
        #expect(caller.userID == "\(role):build@7")
        #expect(caller.principalID == role)
        #expect(caller.accessKeyID == credentials.accessKeyID)
        #expect(caller.tags == ["team": "web", "stage": "live", "run": "7"])
        let facts = try #require(caller.session)
        #expect(facts.origin == .assumeRole && facts.isChained)
        #expect(facts.policies == [policy])
        #expect(facts.sourceIdentity == "alice")
        #expect(facts.transitiveTagKeys == ["run"])
        #expect(facts.issuedAt == installation.clock.now.milliseconds)
        #expect(try await installation.identity.credentials.account(ofKey: credentials.accessKeyID) == installation.account)
    }

    @Test("ASIA without token, token of another key, and a token changed in any byte are one and the same refusal") func foreignTokens() async throws
    {
        let role = try await world.makeRole("Deploy")
        let mine = try await issue(.assumeRole, role, name: "mine")
        let other = try await issue(.assumeRole, role, name: "other")
        let credentials = installation.identity.credentials
        func isUnknown(_ id: String, _ token: String?) async throws -> Bool {
            guard case .unknown = try await credentials.signer(id, sessionToken: token, region: installation.region) else { return false }
            return true
        }
        #expect(try await isUnknown(mine.accessKeyID, nil))
        #expect(try await isUnknown(mine.accessKeyID, other.sessionToken))
        #expect(try await isUnknown(other.accessKeyID, mine.sessionToken))
        #expect(try await isUnknown(world.rootKey.id, mine.sessionToken))
        let bytes = Array(mine.sessionToken.utf8)
        for index in bytes.indices {
            var changed = bytes
            changed[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(try await isUnknown(mine.accessKeyID, String(decoding: changed, as: UTF8.self)), "byte \(index)")
        }
        let docker = try await installation.identity.dockerTokens.issue(to: try #require(try await caller(mine)))
        #expect(try await isUnknown(mine.accessKeyID, docker.password))
        await #expect(throws: TokenRefusal.invalid) { try await installation.identity.dockerTokens.caller(for: mine.sessionToken) }
        #expect(try await caller(mine) != nil)
    }

    @Test("Ends to the millisecond, and says so, also after a restart") func expiry() async throws {
        let role = try await world.makeRole("Deploy")
        let credentials = try await issue(.assumeRole, role, name: "s", lifetime: .seconds(900))
        installation.clock.set(credentials.expiresAt - .milliseconds(1))
        #expect(try await caller(credentials) != nil)
        installation.clock.set(credentials.expiresAt)
        for identity in [installation.identity, installation.identity] {
            let found = try await identity.credentials.signer(
                credentials.accessKeyID, sessionToken: credentials.sessionToken, region: installation.region)
            guard case .expired = found else {
                Issue.record("\(found)")
                return
            }
        }
    }

    @Test("A session of 36 hours outlives the rotation of the keys") func rotation() async throws {
        let credentials = try await issue(.sessionToken, installation.account.description, lifetime: Sessions.longestLife)
        for hour in stride(from: 0, through: 35, by: 5) {
            installation.clock.set(credentials.expiresAt - Sessions.longestLife + .seconds(hour * 3600))
            _ = try await issue(.sessionToken, installation.account.description)
            #expect(try await caller(credentials)?.kind == .root, "hour \(hour)")
        }
    }

    @Test("Policies and tags that are too long for a token are kept by their hash, until the session ends") func longDetails() async throws {
        let role = try await world.makeRole("Deploy")
        let tags = Dictionary(uniqueKeysWithValues: (0..<40).map { ("key\($0)", String(repeating: "v", count: 200)) })
        let credentials = try await issue(.assumeRole, role, name: "s") { $0.details = SessionDetails(tags: tags) }
        #expect(credentials.sessionToken.utf8.count < 1500)
        let found = try #require(try await caller(credentials))
        #expect(found.tags == tags)
        let docker = try await installation.identity.dockerTokens.issue(to: found)
        #expect(docker.password.utf8.count < 2500 && !docker.password.contains(":"))
        #expect(try await installation.identity.dockerTokens.caller(for: docker.password).tags == tags)
        let rows = try await installation.sqlite.read { try $0.rows("SELECT hash FROM session_details") { $0.text(0) } }
        #expect(rows.count == 1)
    }

    @Test("What no token can carry is refused") func tooLarge() async throws {
        let role = try await world.makeRole("Deploy")
        let tags = Dictionary(
            uniqueKeysWithValues: (0..<50).map { (String(repeating: "k", count: 120) + "\($0)", String(repeating: "v", count: 256)) })
        await #expect(throws: SessionTooLarge(percent: 118)) {
            try await issue(.assumeRole, role, name: "s") { $0.details = SessionDetails(tags: tags) }
        }
    }

    @Test("A deleted and recreated role of the same name does not have the sessions of the old one") func recreatedRole() async throws {
        let role = try await world.makeRole("Deploy")
        let credentials = try await issue(.assumeRole, role, name: "s")
        let docker = try await installation.identity.dockerTokens.issue(to: try #require(try await caller(credentials)))
        try await world.deleteEntity(role)
        _ = try await world.makeRole("Deploy")
        #expect(try await caller(credentials) == nil)
        await #expect(throws: TokenRefusal.invalid) { try await installation.identity.dockerTokens.caller(for: docker.password) }
    }

    @Test("A deleted and recreated user of the same name does not have the sessions and keys of the old one") func recreatedUser() async throws {
        let user = try await world.makeUser("alice")
        let credentials = try await issue(.sessionToken, user)
        #expect(try await caller(credentials)?.arn == "arn:aws:iam::123456789012:user/alice")
        let federated = try await issue(.federationToken, user, name: "bob")
        let caller = try #require(try await caller(federated))
        #expect(caller.kind == .federatedUser)
        #expect(caller.arn == "arn:aws:sts::123456789012:federated-user/bob")
        #expect(caller.userID == "123456789012:bob")
        #expect(caller.principalID == user)
        try await world.deleteEntity(user)
        _ = try await world.makeUser("alice")
        #expect(try await self.caller(credentials) == nil)
        #expect(try await self.caller(federated) == nil)
    }

    @Test("Tags of the role are those of the moment, not of the session's beginning") func currentTags() async throws {
        let role = try await world.makeRole("Deploy", tags: ["team": "web"])
        let identity = installation.identity
        let credentials = try await issue(.assumeRole, role, name: "s")
        #expect(try await caller(credentials, identity)?.tags == ["team": "web"])
        try await world.tag(role, ["team": "data"])
        #expect(try await caller(credentials, identity)?.tags == ["team": "data"])
    }

    @Test("Secrets and policies of sessions are nowhere in the database in clear") func nothingStored() async throws {
        let role = try await world.makeRole("Deploy")
        let first = try await issue(.assumeRole, role, name: "s")
        let second = try await issue(.assumeRole, role, name: "s")
        #expect(first.secretAccessKey != second.secretAccessKey && first.accessKeyID != second.accessKeyID)
        #expect(!first.sessionToken.contains("Deploy") && !first.sessionToken.contains(":"))
        let keys = try await installation.sqlite.read { try $0.rows("SELECT secret FROM token_keys") { $0.bytes(0) } }
        #expect(keys.count == 1)
    }
}
