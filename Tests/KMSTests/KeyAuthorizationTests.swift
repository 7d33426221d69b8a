import AWSCore
import IAM
import Identity
import Stores
import TestSupport
import Testing

@testable import KMS

/// Who may do what with a key: its policy, IAM's policies, grants.
@Suite struct KeyAuthorizationTests {
    let installation: TestInstallation
    let ring: KeyRing
    let access: KeyAuthorizer
    private let everything = PolicyText.of(PolicyText.statement("Allow"))

    init() async throws {
        installation = try TestInstallation()
        try await installation.addAccount(installation.account)
        ring = installation.kms.ring(installation.account, installation.region)
        access = KeyAuthorizer(database: installation.services.database, authorizer: installation.authorizer)
    }

    /// A key with the statements of a policy, which are JSON; without any, with the default policy.
    private func key(_ statements: String..., tags: [KeyTag] = []) async throws -> FoundKey {
        let policy = statements.isEmpty ? ring.defaultPolicy : #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
        return try await ring.find(ring.createKey(description: "", policy: policy, tags: tags).id)
    }

    private func statement(_ effect: String = "Allow", to principal: String, _ action: String = "kms:*", when condition: String? = nil) -> String {
        #"{"Effect":"\#(effect)","Principal":{"AWS":"\#(principal)"},"Action":"\#(action)","Resource":"*"\#(condition.map { ",\"Condition\":\($0)" } ?? "")}"#
    }

    private func allows(_ caller: Caller, _ use: KeyUse, _ key: FoundKey) async throws -> Bool {
        do {
            try await access.require(use, of: key, installation.context(caller))
            return true
        } catch is AccessDenied {
            return false
        }
    }

    @Test func theDefaultPolicyLeavesItToIAM() async throws {
        let key = try await key()
        #expect(try await allows(installation.root, KeyUse("Decrypt"), key))
        #expect(try await allows(installation.user("strong", policy: everything), KeyUse("Decrypt"), key))
        #expect(try await !allows(installation.user("weak"), KeyUse("Decrypt"), key))
    }

    @Test func withoutTheKeysPolicyIAMAllowsNothing() async throws {
        let friend = try await installation.user("friend")
        let key = try await key(statement(to: friend.userID))
        #expect(try await allows(friend, KeyUse("Decrypt"), key))
        #expect(try await !allows(installation.user("strong", policy: everything), KeyUse("Decrypt"), key))
        #expect(try await !allows(installation.root, KeyUse("Decrypt"), key))
    }

    @Test func aDenyOfEitherSideWins() async throws {
        let denied = try await installation.user(
            "denied", policy: PolicyText.of(PolicyText.statement("Deny", "Action", #""kms:Decrypt""#)))
        let open = try await key(statement(to: "*"))
        #expect(try await !allows(denied, KeyUse("Decrypt"), open))
        #expect(try await allows(denied, KeyUse("Encrypt"), open))
        let closed = try await key(statement(to: "*"), statement("Deny", to: "*", "kms:Encrypt"))
        #expect(try await !allows(denied, KeyUse("Encrypt"), closed))
    }

    @Test func otherAccountsNeedBothSides() async throws {
        let strong = try await installation.user("strong", of: "999999999999", policy: everything)
        let weak = try await installation.user("weak", of: "999999999999")
        let shared = try await key(statement(to: "arn:aws:iam::999999999999:root"))
        #expect(try await allows(strong, KeyUse("Decrypt"), shared))
        #expect(try await !allows(weak, KeyUse("Decrypt"), shared))
        #expect(try await !allows(strong, KeyUse("Decrypt"), key()))
    }

    @Test(arguments: [
        (#"{"StringEquals":{"kms:EncryptionContext:team":"blue"}}"#, ["team": "blue"], ["team": "red"]),
        (
            #"{"ForAllValues:StringEquals":{"kms:EncryptionContextKeys":["team"]},"Null":{"kms:EncryptionContextKeys":"false"}}"#, ["team": "x"],
            ["a": "b"]
        ),
        (#"{"StringEquals":{"kms:EncryptionContext:team":"blue"}}"#, ["team": "blue", "more": "x"], [:]),
    ])
    func conditionsSeeTheEncryptionContext(condition: String, good: [String: String], bad: [String: String]) async throws {
        let caller = try await installation.user()
        let key = try await key(statement(to: caller.userID, when: condition))
        #expect(try await allows(caller, KeyUse("Decrypt", context: good), key))
        #expect(try await !allows(caller, KeyUse("Decrypt", context: bad), key))
        #expect(try await allows(caller, KeyUse("CreateGrant", granting: GrantConstraints(subset: good)), key))
        #expect(try await !allows(caller, KeyUse("CreateGrant", granting: GrantConstraints(subset: bad)), key))
    }

    @Test(arguments: [
        (#"{"StringEquals":{"kms:ViaService":"ecr.us-east-1.amazonaws.com"}}"#, true, false),
        (#"{"Bool":{"kms:GrantIsForAWSResource":"true"}}"#, true, false),
        (#"{"StringEquals":{"kms:CallerAccount":"123456789012"}}"#, true, true),
        (#"{"StringEquals":{"kms:CallerAccount":"999999999999"}}"#, false, false),
        (#"{"StringEquals":{"kms:KeyOrigin":"AWS_KMS","kms:KeySpec":"SYMMETRIC_DEFAULT","kms:KeyUsage":"ENCRYPT_DECRYPT"}}"#, true, true),
        (#"{"StringEquals":{"aws:ResourceTag/team":"blue"}}"#, true, true),
        (#"{"StringEquals":{"aws:ResourceTag/team":"red"}}"#, false, false),
    ])
    func conditionsSeeTheKeyAndTheService(condition: String, viaECR: Bool, directly: Bool) async throws {
        let caller = try await installation.user()
        let key = try await key(statement(to: caller.userID, when: condition), tags: [KeyTag(key: "team", value: "blue")])
        #expect(try await allows(caller, KeyUse("CreateGrant", via: ring.ecrService), key) == viaECR)
        #expect(try await allows(caller, KeyUse("CreateGrant"), key) == directly)
    }

    @Test func conditionsSeeAliases() async throws {
        let caller = try await installation.user()
        let made = try await key(statement(to: caller.userID, when: #"{"StringEquals":{"kms:RequestAlias":"alias/app"}}"#))
        try await ring.createAlias("alias/app", of: made.key)
        #expect(try await allows(caller, KeyUse("Encrypt"), ring.find("alias/app")))
        #expect(try await !allows(caller, KeyUse("Encrypt"), ring.find(made.key.id)))
        let any = try await key(statement(to: caller.userID, when: #"{"ForAnyValue:StringEquals":{"kms:ResourceAliases":"alias/any"}}"#))
        #expect(try await !allows(caller, KeyUse("Encrypt"), ring.find(any.key.id)))
        try await ring.createAlias("alias/any", of: any.key)
        #expect(try await allows(caller, KeyUse("Encrypt"), ring.find(any.key.id)))
    }

    @Test func aGrantAllowsItsOperationsToItsGrantee() async throws {
        let (friend, other) = (try await installation.user("friend"), try await installation.user("other"))
        let key = try await key()
        let grant = try await ring.createGrant(
            GrantRequest(grantee: friend.userID, operations: ["Decrypt"], constraints: GrantConstraints(equals: ["a": "b"])), on: key.key,
            by: ring.account)
        #expect(try await allows(friend, KeyUse("Decrypt", context: ["a": "b"]), key))
        #expect(try await !allows(friend, KeyUse("Decrypt", context: ["a": "b", "c": "d"]), key))
        #expect(try await !allows(friend, KeyUse("Encrypt", context: ["a": "b"]), key))
        #expect(try await !allows(other, KeyUse("Decrypt", context: ["a": "b"]), key))
        try await ring.remove(grant, from: key.key)
        #expect(try await !allows(friend, KeyUse("Decrypt", context: ["a": "b"]), key))
    }

    @Test func aDenyIsAboveGrants() async throws {
        let caller = try await installation.user(policy: PolicyText.of(PolicyText.statement("Deny", "Action", #""kms:Decrypt""#)))
        let key = try await key()
        _ = try await ring.createGrant(
            GrantRequest(grantee: caller.userID, operations: ["Decrypt"], constraints: GrantConstraints()), on: key.key, by: ring.account)
        #expect(try await !allows(caller, KeyUse("Decrypt", context: [:]), key))
    }

    @Test func aGrantToARoleIsForItsSessionsAndIsCutAsTheyAre() async throws {
        let session = try await installation.roleSession("freedom")
        let cut = try await installation.roleSession("shortened", cutBy: [PolicyText.of(PolicyText.statement("Allow", "Action", #""kms:Encrypt""#))])
        let key = try await key()
        for caller in [session, cut] {
            _ = try await ring.createGrant(
                GrantRequest(grantee: caller.principalID, operations: ["Decrypt", "Encrypt"], constraints: GrantConstraints()), on: key.key,
                by: ring.account)
        }
        #expect(try await allows(session, KeyUse("Decrypt", context: [:]), key))
        #expect(try await !allows(cut, KeyUse("Decrypt", context: [:]), key))
        #expect(try await allows(cut, KeyUse("Encrypt", context: [:]), key))
    }

    @Test func whoMayGrantByAGrantGrantsNothingLooser() async throws {
        let caller = try await installation.user()
        let key = try await key()
        _ = try await ring.createGrant(
            GrantRequest(grantee: caller.userID, operations: ["CreateGrant", "Decrypt"], constraints: GrantConstraints(subset: ["a": "b"])),
            on: key.key,
            by: ring.account)
        #expect(try await allows(caller, KeyUse("CreateGrant", granting: GrantConstraints(subset: ["a": "b", "c": "d"])), key))
        #expect(try await allows(caller, KeyUse("CreateGrant", granting: GrantConstraints(equals: ["a": "b"])), key))
        #expect(try await !allows(caller, KeyUse("CreateGrant", granting: GrantConstraints(subset: ["c": "d"])), key))
        #expect(try await !allows(caller, KeyUse("CreateGrant", granting: GrantConstraints()), key))
    }

    @Test func theNamedAndTheAccountMayRetire() async throws {
        let (retiree, other) = (try await installation.user("retiree"), try await installation.user("other"))
        let key = try await key(statement(to: "arn:aws:iam::123456789012:root", "kms:Decrypt"))
        let grant = try await ring.createGrant(
            GrantRequest(grantee: other.userID, retiree: retiree.userID, operations: ["Decrypt"], constraints: GrantConstraints()), on: key.key,
            by: ring.account)
        try await access.requireRetirement(of: grant, on: key, installation.context(retiree))
        try await access.requireRetirement(of: grant, on: key, installation.context())
        await #expect(throws: AccessDenied.self) { try await access.requireRetirement(of: grant, on: key, installation.context(other)) }
    }

    @Test func ecrsOwnKeyIsUsedThroughECROnly() async throws {
        let caller = try await installation.user()
        let key = try await ring.findOrMake(KeyRing.ecrAlias)
        #expect(try await allows(caller, KeyUse("CreateGrant", via: ring.ecrService), key))
        #expect(try await !allows(caller, KeyUse("CreateGrant"), key))
        #expect(try await !allows(caller, KeyUse("DescribeKey"), key))
        #expect(try await allows(installation.root, KeyUse("DescribeKey"), key))
        #expect(try await !allows(installation.root, KeyUse("DisableKey"), key))
        let foreign = try await installation.user("foreign", of: "999999999999", policy: everything)
        #expect(try await !allows(foreign, KeyUse("CreateGrant", via: ring.ecrService), key))
    }
}
