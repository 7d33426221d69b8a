import AWSCore
import IAM
import Stores
import TestSupport
import Testing

@testable import Identity

/// Users, groups and their keys: who they are, and what becomes of it when they change.
@Suite("Users and groups") struct PrincipalTests {
    private let installation: TestInstallation
    private let identity: IdentityServices
    private var account: Account { identity.account(installation.account) }

    init() async throws {
        installation = try TestInstallation()
        identity = installation.identity
        try await Accounts(database: identity.database).establish(installation.account)
    }

    private func changes() async throws -> Int64 { try await identity.database.read { try AuthorizationChanges.count($0) } }

    private func caller(_ keyID: String) async throws -> Caller? {
        guard case .known(_, let caller) = try await identity.credentials.signer(keyID, sessionToken: nil, region: .usEast1) else { return nil }
        return caller
    }

    @Test("Unique ids have AWS's prefixes and lengths, and no two are the same") func uniqueIDs() async throws {
        let user = try await account.createUser("bob")
        let group = try await account.createGroup("bob")
        #expect(user.id.wholeMatch(of: /AIDA[A-Z2-7]{17}/) != nil)
        #expect(group.id.wholeMatch(of: /AGPA[A-Z2-7]{17}/) != nil)
        let document = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
        #expect(try await account.createPolicy("bob", document: document).id.wholeMatch(of: /ANPA[A-Z2-7]{17}/) != nil)
        #expect(try await account.createAccessKey(for: .user("bob")).id.wholeMatch(of: /AKIA[A-Z2-7]{16}/) != nil)
    }

    @Test("A user's key signs as the user, with path and tags") func userCaller() async throws {
        let user = try await account.createUser("bob", path: "/team/ci/", tags: [IAMTag(key: "Team", value: "registry")])
        let key = try await account.createAccessKey(for: .user("BOB"))
        #expect(key.secret.count == 40)
        let caller = try #require(try await caller(key.id))
        #expect(caller.kind == .user(name: "bob"))
        #expect(caller.arn == "arn:aws:iam::123456789012:user/team/ci/bob")
        #expect(caller.userID == user.id)
        #expect(caller.tags == ["Team": "registry"])
        try await account.rename(.user, named: "bob", to: "rob", path: "/")
        #expect(try await self.caller(key.id)?.arn == "arn:aws:iam::123456789012:user/rob")
    }

    @Test("A deleted user's name does not bring its rights back") func recreated() async throws {
        let first = try await account.createUser("bob")
        let arn = first.arn.description
        #expect(try await identity.database.read { try Principals.uniqueID(ofARN: arn, $0) } == first.id)
        try await account.deleteUser("bob")
        #expect(try await identity.database.read { try Principals.uniqueID(ofARN: arn, $0) } == nil)
        let second = try await account.createUser("bob")
        #expect(second.id != first.id)
        #expect(try await identity.database.read { try Principals.arn(ofUniqueID: first.id, $0) } == nil)
        #expect(try await identity.database.read { try Principals.arn(ofUniqueID: second.id, $0) } == second.arn)
    }

    @Test("An ARN names a principal by its whole path, and only users and roles") func resolving() async throws {
        _ = try await account.createUser("bob", path: "/team/")
        _ = try await account.createGroup("dev")
        for arn in [
            "arn:aws:iam::123456789012:user/bob", "arn:aws:iam::123456789012:user/other/bob", "arn:aws:iam::123456789012:group/dev",
            "arn:aws:iam::123456789012:role/team/bob", "arn:aws:iam::210987654321:user/team/bob", "arn:aws:iam::123456789012:root", "bob", "",
        ] {
            #expect(try await identity.database.read { try Principals.uniqueID(ofARN: arn, $0) } == nil, "\(arn)")
        }
        #expect(try await identity.database.read { try Principals.uniqueID(ofARN: "arn:aws:iam::123456789012:user/team/bob", $0) } != nil)
    }

    @Test("Names are unique in any case of letters, in each account by itself") func names() async throws {
        _ = try await account.createUser("Bob")
        await #expect(throws: IdentityError.entityExists(.user, name: "bOB")) { try await account.createUser("bOB") }
        _ = try await account.createGroup("bob")
        #expect(try await account.entity(.user, named: "BOB").name == "Bob")
        let other = try #require(AccountID("210987654321"))
        await #expect(throws: IdentityError.entityNotFound(.user, name: "Bob")) { try await identity.account(other).entity(.user, named: "Bob") }
    }

    @Test("An inactive key signs no more, an active one again, a deleted one never") func keyStates() async throws {
        _ = try await account.createUser("bob")
        let key = try await account.createAccessKey(for: .user("bob"))
        try await account.setAccessKey(key.id, of: .user("bob"), active: false)
        #expect(try await caller(key.id) == nil)
        try await account.setAccessKey(key.id, of: .user("bob"), active: true)
        #expect(try await caller(key.id) != nil)
        try await account.deleteAccessKey(key.id, of: .user("bob"))
        #expect(try await caller(key.id) == nil)
    }

    @Test("A docker password of a user dies with the user's key") func dockerPasswords() async throws {
        _ = try await account.createUser("bob", path: "/ci/")
        let key = try await account.createAccessKey(for: .user("bob"))
        let tokens = identity.dockerTokens
        let password = try await tokens.issue(to: try #require(try await caller(key.id))).password
        #expect(try await tokens.caller(for: password).arn == "arn:aws:iam::123456789012:user/ci/bob")
        try await account.setAccessKey(key.id, of: .user("bob"), active: false)
        await #expect(throws: TokenRefusal.invalid) { try await tokens.caller(for: password) }
    }

    @Test("The last use of a key is known at once, and written down in a batch") func lastUse() async throws {
        _ = try await account.createUser("bob")
        let key = try await account.createAccessKey(for: .user("bob"))
        #expect(try await account.lastUse(ofAccessKey: key.id).use == nil)
        let statements = installation.recording.statements.count
        identity.accessKeyUses.note(key.id, service: "ecr", region: .usEast1)
        #expect(installation.recording.statements.count == statements, "noting a use asks the database nothing")
        let use = AccessKeyUse(usedAt: installation.clock.now, service: "ecr", region: "us-east-1")
        #expect(try await account.lastUse(ofAccessKey: key.id).use == use)
        #expect(try await identity.accessKeyUses.write(limit: 10) == 1)
        #expect(try await identity.accessKeyUses.write(limit: 10) == 0)
        #expect(try await installation.identity.account(installation.account).lastUse(ofAccessKey: key.id).use == use)
    }

    @Test("The credential report has a line for the root and each user, and holds for four hours") func credentialReport() async throws {
        await #expect(throws: IdentityError.credentialReportNotPresent) { try await account.credentialReport() }
        _ = try await account.createUser("a,b", path: "/ci/")
        let key = try await account.createAccessKey(for: .user("a,b"))
        identity.accessKeyUses.note(key.id, service: "ecr", region: .usEast1)
        #expect(try await account.generateCredentialReport())
        let none = "false,N/A,N/A,N/A,N/A"
        let lines = try await account.credentialReport().content.split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("user,arn,user_creation_time,password_enabled,") && lines[0].split(separator: ",").count == 22)
        let start = "2026-01-01T00:00:00+00:00"
        #expect(lines[1] == "<root_account>,arn:aws:iam::123456789012:root,\(start),false,N/A,N/A,N/A,false,\(none),\(none),false,N/A,false,N/A")
        #expect(
            lines[2]
                == "\"a,b\",\"arn:aws:iam::123456789012:user/ci/a,b\",\(start),false,N/A,N/A,N/A,false,true,\(start),\(start),us-east-1,ecr,\(none),"
                + "false,N/A,false,N/A")
        installation.clock.advance(by: .seconds(4 * 3600 - 1))
        #expect(try await !account.generateCredentialReport(), "it is young enough")
        installation.clock.advance(by: .seconds(1))
        await #expect(throws: IdentityError.credentialReportExpired) { try await account.credentialReport() }
        #expect(try await account.generateCredentialReport())
    }

    @Test("Every change of what rights rest on is counted, and a refused one is not") func counting() async throws {
        let document = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
        let account = account
        let policy = account.arn("policy/p").description
        let steps: [(String, @Sendable () async throws -> Void)] = [
            ("create user", { _ = try await account.createUser("bob") }), ("create group", { _ = try await account.createGroup("dev") }),
            ("create policy", { _ = try await account.createPolicy("p", document: document) }),
            ("tag", { try await account.addTags([IAMTag(key: "a", value: "b")], to: .user, named: "bob") }),
            ("untag", { try await account.removeTags(["a"], from: .user, named: "bob") }),
            ("join", { try await account.addUser("bob", toGroup: "dev") }),
            ("leave", { try await account.removeUser("bob", fromGroup: "dev") }),
            ("inline", { try await account.putInlinePolicy("i", document, to: .user, named: "bob") }),
            ("no inline", { try await account.deleteInlinePolicy("i", of: .user, named: "bob") }),
            ("attach", { try await account.attachPolicy(policy, to: .user, named: "bob") }),
            ("new version", { _ = try await account.createPolicyVersion(policy, document: document, isDefault: true) }),
            ("default version", { try await account.setDefaultPolicyVersion(policy, "v1") }),
            ("delete version", { try await account.deletePolicyVersion(policy, "v2") }),
            ("detach", { try await account.detachPolicy(policy, from: .user, named: "bob") }),
            ("bound", { try await account.putBoundary(policy, on: .user, named: "bob") }),
            ("unbound", { try await account.deleteBoundary(of: .user, named: "bob") }),
            ("tag policy", { try await account.addTags([IAMTag(key: "a", value: "b")], toPolicy: policy) }),
            ("untag policy", { try await account.removeTags(["a"], fromPolicy: policy) }),
            ("key", { _ = try await account.createAccessKey(for: .user("bob")) }),
            (
                "key off",
                { try await account.setAccessKey(try await account.accessKeys(of: .user("bob"))[0].id, of: .user("bob"), active: false) }
            ),
            ("no key", { try await account.deleteAccessKey(try await account.accessKeys(of: .user("bob"))[0].id, of: .user("bob")) }),
            ("rename", { try await account.rename(.user, named: "bob", to: "rob", path: nil) }),
            ("delete user", { try await account.deleteUser("rob") }), ("delete group", { try await account.deleteGroup("dev") }),
            ("delete policy", { try await account.deletePolicy(policy) }),
        ]
        for (name, step) in steps {
            let before = try await changes()
            try await step()
            #expect(try await changes() == before + 1, "\(name)")
        }
        let before = try await changes()
        await #expect(throws: IdentityError.self) { try await account.deleteUser("rob") }
        #expect(try await changes() == before)
    }
}
