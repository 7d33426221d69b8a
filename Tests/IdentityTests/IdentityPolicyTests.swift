import AWSCore
import IAM
import Stores
import TestSupport
import Testing

@testable import Identity

/// The policies that a caller's rights come from.
@Suite("Policies of principals") struct IdentityPolicyTests {
    private let installation: TestInstallation
    private let identity: IdentityServices
    private var account: Account { identity.account(installation.account) }

    init() async throws {
        installation = try TestInstallation()
        identity = installation.identity
        try await Accounts(database: identity.database).establish(installation.account)
    }

    private func document(_ action: String) -> String {
        #"{"Version":"2012-10-17","Statement":[{"Sid":"S","Effect":"Allow","Action":"\#(action)","Resource":"*"}]}"#
    }

    private func load(_ id: String) async throws -> IdentityPolicies {
        try await identity.database.read { try IdentityPolicies.load(of: id, $0) }
    }

    /// The action of a policy's only statement.
    private func actions(_ policies: IdentityPolicies) -> [String: [String]] {
        Dictionary(policies.policies.map { ($0.name, $0.document.statements.flatMap { $0.actions.patterns.map(\.text) }) }) { $0 + $1 }
    }

    @Test("Of a user: its own and its groups', inline and managed, and its boundary") func ofUser() async throws {
        let bound = try await account.createPolicy("bound", document: document("ecr:*")).arn
        let user = try await account.createUser("bob", boundary: bound)
        _ = try await account.createGroup("dev")
        try await account.addUser("bob", toGroup: "dev")
        try await account.putInlinePolicy("own", document("ecr:A"), to: .user, named: "bob")
        try await account.putInlinePolicy("groups", document("ecr:B"), to: .group, named: "dev")
        let managed = try await account.createPolicy("managed", path: "/team/", document: document("ecr:C")).arn
        #expect(managed == "arn:aws:iam::123456789012:policy/team/managed")
        try await account.attachPolicy(managed, to: .user, named: "bob")
        let shared = try await account.createPolicy("shared", document: document("ecr:D")).arn
        try await account.attachPolicy(shared, to: .group, named: "dev")
        try await account.attachPolicy(shared, to: .user, named: "bob")

        let policies = try await load(user.id)
        #expect(actions(policies) == ["own": ["ecr:A"], "groups": ["ecr:B"], managed: ["ecr:C"], shared: ["ecr:D"]])
        #expect(policies.boundary?.name == bound)

        try await account.removeUser("bob", fromGroup: "dev")
        #expect(actions(try await load(user.id)) == ["own": ["ecr:A"], managed: ["ecr:C"], shared: ["ecr:D"]])
    }

    @Test("A new default version holds from the next look on") func versions() async throws {
        let arn = try await account.createPolicy("p", document: document("ecr:A")).arn
        let user = try await account.createUser("bob")
        try await account.attachPolicy(arn, to: .user, named: "bob")
        #expect(try await account.createPolicyVersion(arn, document: document("ecr:B"), isDefault: false).id == "v2")
        #expect(actions(try await load(user.id)) == [arn: ["ecr:A"]])
        try await account.setDefaultPolicyVersion(arn, "v2")
        #expect(actions(try await load(user.id)) == [arn: ["ecr:B"]])
        try await account.deletePolicyVersion(arn, "v1")
        #expect(try await account.createPolicyVersion(arn, document: document("ecr:C"), isDefault: true).id == "v3", "numbers are not used again")
        #expect(actions(try await load(user.id)) == [arn: ["ecr:C"]])
    }

    @Test("Of root and of who is gone there are none") func ofNobody() async throws {
        let user = try await account.createUser("bob")
        try await account.deleteUser("bob")
        for id in [user.id, installation.account.description, "AROAUNKNOWN"] {
            let policies = try await load(id)
            #expect(policies.policies.isEmpty && policies.boundary == nil)
        }
    }

    @Test("A stored policy that cannot be read is an error, not a policy less") func unreadable() async throws {
        let user = try await account.createUser("bob")
        try await account.putInlinePolicy("deny", document("ecr:A"), to: .user, named: "bob")
        try await identity.database.write { _ = try $0.execute("UPDATE inline_policies SET document = '{'") }
        await #expect(throws: DatabaseError.self) { try await load(user.id) }
    }

    @Test("Another account's policy cannot be attached, nor one that is not there") func foreign() async throws {
        _ = try await account.createUser("bob")
        let other = identity.account(try #require(AccountID("210987654321")))
        try await identity.database.write { _ = try $0.execute("INSERT INTO accounts (id, created_at) VALUES ('210987654321', 0)") }
        let arn = try await other.createPolicy("p", document: document("*")).arn
        for arn in [arn, "arn:aws:iam::123456789012:policy/p", "arn:aws:iam::aws:policy/NoSuchPolicy"] {
            await #expect(throws: IdentityError.policyNotAttachable(arn: arn)) { try await account.attachPolicy(arn, to: .user, named: "bob") }
            await #expect(throws: IdentityError.policyNotAttachable(arn: arn)) { try await account.putBoundary(arn, on: .user, named: "bob") }
        }
    }

    @Test("Blanks do not count toward the size of policies; the sum of the inline ones does") func sizes() async throws {
        _ = try await account.createUser("bob")
        let size = document("ecr:" + String(repeating: "x", count: 900)).count
        let wide = document("ecr:" + String(repeating: "x", count: 900)) + String(repeating: " \n", count: 10_000)
        try await account.putInlinePolicy("a", wide, to: .user, named: "bob")
        try await account.putInlinePolicy("b", wide, to: .user, named: "bob")
        #expect(size * 2 <= 2048 && size * 3 > 2048)
        await #expect(throws: IdentityError.inlinePoliciesTooLarge(.user, name: "bob", limit: 2048)) {
            try await account.putInlinePolicy("c", wide, to: .user, named: "bob")
        }
        #expect(try await account.inlinePolicies(of: .user, named: "bob").map(\.name) == ["a", "b"])
        let largest = document("ecr:" + String(repeating: "x", count: 6144 - document("ecr:").count))
        _ = try await account.createPolicy("largest", document: largest + "   ")
        await #expect(throws: IdentityError.quotaExceeded(.policySize, limit: 6144)) {
            try await account.createPolicy("larger", document: largest.replacing("ecr:", with: "ecr:y"))
        }
    }
}
