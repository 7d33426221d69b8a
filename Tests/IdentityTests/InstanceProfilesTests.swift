import Identity
import TestSupport
import Testing

@Suite struct InstanceProfilesTests {
    private let installation: TestInstallation
    private let account: Account

    init() async throws {
        installation = try TestInstallation()
        try await Accounts(database: installation.sqlite).establish(installation.account)
        account = installation.identity.account(installation.account)
        let trust = #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#
        for name in ["Node", "Other"] { _ = try await account.createRole(name, trustPolicy: trust) }
    }

    @Test func aProfileHasOneRoleAtMost() async throws {
        let made = try await account.createInstanceProfile("node", path: "/k8s/", tags: [IAMTag(key: "a", value: "b")])
        #expect(made.arn.description == "arn:aws:iam::123456789012:instance-profile/k8s/node")
        #expect(made.id.hasPrefix("AIPA"))
        #expect(made.role == nil)
        try await account.addRole("Node", toInstanceProfile: "node")
        #expect(try await account.instanceProfile(named: "NODE").role?.entity.name == "Node")
        await #expect(throws: IdentityError.quotaExceeded(.rolesPerInstanceProfile, limit: 1)) {
            try await account.addRole("Other", toInstanceProfile: "node")
        }
        #expect(try await account.instanceProfiles(withRole: "Node", after: nil, limit: 10).elements.map(\.name) == ["node"])
        #expect(try await account.instanceProfiles(withRole: "Other", after: nil, limit: 10).elements.isEmpty)
        await #expect(throws: IdentityError.deleteConflict(.instanceProfiles)) { try await account.deleteInstanceProfile("node") }
        await #expect(throws: IdentityError.entityNotFound(.role, name: "Other")) {
            try await account.removeRole("Other", fromInstanceProfile: "node")
        }
        try await account.removeRole("Node", fromInstanceProfile: "node")
        try await account.deleteInstanceProfile("node")
        await #expect(throws: IdentityError.instanceProfileNotFound(name: "node")) { try await account.instanceProfile(named: "node") }
    }

    @Test func namesAreUniqueInAnyCaseOfLetters() async throws {
        _ = try await account.createInstanceProfile("node")
        await #expect(throws: IdentityError.instanceProfileExists(name: "Node")) { try await account.createInstanceProfile("Node") }
    }

    @Test func tagsAndPages() async throws {
        for name in ["b", "a", "c"] { _ = try await account.createInstanceProfile(name, path: name == "c" ? "/x/" : "/") }
        try await account.addTags([IAMTag(key: "Team", value: "red"), IAMTag(key: "z", value: "")], toInstanceProfile: "a")
        try await account.removeTags(["TEAM", "nothing"], fromInstanceProfile: "a")
        #expect(try await account.tags(ofInstanceProfile: "a") == [IAMTag(key: "z", value: "")])
        let first = try await account.instanceProfiles(after: nil, limit: 2)
        #expect(first.elements.map(\.name) == ["a", "b"])
        #expect(try await account.instanceProfiles(after: first.next, limit: 2).elements.map(\.name) == ["c"])
        #expect(try await account.instanceProfiles(pathPrefix: "/x/", after: nil, limit: 2).elements.map(\.name) == ["c"])
    }
}
