import AWSCore
import IAM
import Identity
import Stores
import TestSupport
import Testing

@Suite struct RolesTests {
    private let installation: TestInstallation
    private let account: Account

    init() async throws {
        installation = try TestInstallation()
        try await Accounts(database: installation.sqlite).establish(installation.account)
        account = installation.identity.account(installation.account)
    }

    private func trust(_ principal: String, _ rest: String = "") -> String {
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":\#(principal),"Action":"sts:AssumeRole"\#(rest)}]}"#
    }

    private let pull = #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ecr:BatchGetImage","Resource":"*"}}"#

    private var machines: String { trust(#"{"Service":"ec2.amazonaws.com"}"#) }

    private func stored(_ name: String) async throws -> String? {
        let id = try await account.entity(.role, named: name).id
        return try await installation.sqlite.read { try $0.first("SELECT trust_policy FROM roles WHERE id = \(id)") { $0.text(0) } }
    }

    @Test func aRoleIsAsItWasMade() async throws {
        let made = try await account.createRole(
            "Deploy", path: "/ci/", trustPolicy: machines, description: "d", maxSessionSeconds: 7200,
            boundary: "arn:aws:iam::aws:policy/PowerUserAccess", tags: [IAMTag(key: "team", value: "red")])
        #expect(made.entity.arn.description == "arn:aws:iam::123456789012:role/ci/Deploy")
        #expect(made.entity.id.hasPrefix("AROA"))
        #expect(try await account.role(named: "DEPLOY") == made)
        #expect(try await account.tags(of: .role, named: "Deploy") == [IAMTag(key: "team", value: "red")])
        #expect(try await account.roles(pathPrefix: "/ci/", after: nil, limit: 10).elements == [made])
        #expect(try await account.roles(pathPrefix: "/x/", after: nil, limit: 10).elements == [])
        await #expect(throws: IdentityError.entityExists(.role, name: "deploy")) { try await account.createRole("deploy", trustPolicy: machines) }
    }

    @Test func rolesComePageByPage() async throws {
        for name in ["b", "A", "c"] { _ = try await account.createRole(name, trustPolicy: machines) }
        let first = try await account.roles(after: nil, limit: 2)
        #expect(first.elements.map(\.entity.name) == ["A", "b"])
        let second = try await account.roles(after: first.next, limit: 2)
        #expect(second.elements.map(\.entity.name) == ["c"])
        #expect(second.next == nil)
    }

    @Test func whatTrustPoliciesAreRefused() async throws {
        let cases = [
            ("{", "Syntax errors in policy. The text is not JSON at byte 1."),
            (
                trust(#"{"AWS":"arn:aws:iam::123456789012:user/nobody"}"#),
                #"Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:user/nobody""#
            ),
            (trust(#"{"AWS":"AIDAAAAAAAAAAAAAAAAAA"}"#), #"Invalid principal in policy: "AWS":"AIDAAAAAAAAAAAAAAAAAA""#),
            (trust(#"{"AWS":"arn:aws:iam::123456789012:group/g"}"#), #"Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:group/g""#),
        ]
        for (text, reason) in cases {
            await #expect(throws: IdentityError.malformedPolicy(reason)) { try await account.createRole("r", trustPolicy: text) }
        }
        #expect(try await account.roles(after: nil, limit: 1).elements.isEmpty)
        let long = trust(
            #"{"Service":"ec2.amazonaws.com"}"#, #","Condition":{"StringEquals":{"sts:ExternalId":"\#(String(repeating: "x", count: 2048))"}}"#)
        await #expect(throws: IdentityError.quotaExceeded(.trustPolicySize, limit: 2048)) { try await account.createRole("r", trustPolicy: long) }
    }

    @Test(arguments: [
        (#""StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}"#, false),
        (#""StringLike":{"token.actions.githubusercontent.com:sub":"*"}"#, false),
        (#""StringLike":{"token.actions.githubusercontent.com:sub":["repo:a/b:*","**"]}"#, false),
        (#""StringNotEquals":{"token.actions.githubusercontent.com:sub":"repo:a/b:x"}"#, false),
        (#""StringLikeIfExists":{"token.actions.githubusercontent.com:sub":"repo:a/b:*"}"#, false),
        (#""StringLike":{"token.actions.githubusercontent.com:sub":"repo:a/b:*"}"#, true),
        (#""ForAnyValue:StringEquals":{"Token.Actions.GitHubUserContent.com:SUB":"repo:a/b:ref:refs/heads/main"}"#, true),
        (#""StringEquals":{"token.actions.githubusercontent.com:job_workflow_ref":"a/b/.github/workflows/w.yml@refs/heads/main"}"#, true),
    ])
    func githubMustBeLimited(condition: String, isTaken: Bool) async throws {
        let provider = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
        let text =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"\#(provider)"},"#
            + #""Action":"sts:AssumeRoleWithWebIdentity","Condition":{\#(condition)}}]}"#
        if isTaken {
            #expect(try await account.createRole("gh", trustPolicy: text).trustPolicy == text)
        } else {
            await #expect(throws: IdentityError.self) { try await account.createRole("gh", trustPolicy: text) }
        }
    }

    /// Principals are kept by unique id: a new user of the name of a deleted one is not trusted, and one who is renamed still is.
    @Test func aNewUserOfAnOldNameIsNotTrusted() async throws {
        let user = try await account.createUser("ci", path: "/bots/")
        let text = trust(#"{"AWS":["arn:aws:iam::123456789012:user/bots/ci","123456789012"]}"#)
        _ = try await account.createRole("Deploy", trustPolicy: text)
        #expect(try await stored("Deploy") == text.replacing("arn:aws:iam::123456789012:user/bots/ci", with: user.id))
        #expect(try await account.role(named: "Deploy").trustPolicy == text)

        try await account.deleteUser("ci")
        _ = try await account.createUser("ci", path: "/bots/")
        #expect(try await account.role(named: "Deploy").trustPolicy == text.replacing("arn:aws:iam::123456789012:user/bots/ci", with: user.id))
        // What is shown can no longer be set: the principal is gone.
        let shown = try await account.role(named: "Deploy").trustPolicy
        await #expect(throws: IdentityError.malformedPolicy("Invalid principal in policy: \"AWS\":\"\(user.id)\"")) {
            try await account.setTrustPolicy(shown, ofRole: "Deploy")
        }
    }

    @Test func sessionsOfRolesAreKeptByTheRole() async throws {
        let role = try await account.createRole("Build", trustPolicy: machines)
        let text = trust(#"{"AWS":"arn:aws:sts::123456789012:assumed-role/Build/run-1"}"#)
        _ = try await account.createRole("Deploy", trustPolicy: text)
        #expect(try await stored("Deploy")?.contains("\"\(role.entity.id):run-1\"") == true)
        #expect(try await account.role(named: "Deploy").trustPolicy == text)
    }

    @Test func aRoleChanges() async throws {
        _ = try await account.createRole("Deploy", trustPolicy: machines)
        try await account.updateRole(named: "Deploy", description: "new", maxSessionSeconds: nil)
        try await account.updateRole(named: "Deploy", description: nil, maxSessionSeconds: 43200)
        try await account.setTrustPolicy(trust(#"{"AWS":"123456789012"}"#), ofRole: "Deploy")
        try await account.putBoundary("arn:aws:iam::aws:policy/ReadOnlyAccess", on: .role, named: "Deploy")
        let role = try await account.role(named: "Deploy")
        #expect(role.description == "new")
        #expect(role.maxSessionSeconds == 43200)
        #expect(role.trustPolicy == trust(#"{"AWS":"123456789012"}"#))
        #expect(role.entity.boundary == "arn:aws:iam::aws:policy/ReadOnlyAccess")
        await #expect(throws: IdentityError.entityNotFound(.role, name: "Other")) { try await account.setTrustPolicy(machines, ofRole: "Other") }
    }

    @Test func onlyAnEmptyRoleIsDeleted() async throws {
        _ = try await account.createRole("Deploy", trustPolicy: machines, tags: [IAMTag(key: "a", value: "b")])
        try await account.attachPolicy("arn:aws:iam::aws:policy/ReadOnlyAccess", to: .role, named: "Deploy")
        await #expect(throws: IdentityError.deleteConflict(.attachedPolicies)) { try await account.deleteRole("Deploy") }
        try await account.detachPolicy("arn:aws:iam::aws:policy/ReadOnlyAccess", from: .role, named: "Deploy")
        _ = try await account.createInstanceProfile("node")
        try await account.addRole("Deploy", toInstanceProfile: "node")
        await #expect(throws: IdentityError.deleteConflict(.instanceProfiles)) { try await account.deleteRole("Deploy") }
        try await account.removeRole("Deploy", fromInstanceProfile: "node")
        try await account.deleteRole("Deploy")
        await #expect(throws: IdentityError.entityNotFound(.role, name: "Deploy")) { try await account.role(named: "Deploy") }
        #expect(try await account.createRole("Deploy", trustPolicy: machines).entity.id.hasPrefix("AROA"))
        #expect(try await account.tags(of: .role, named: "Deploy") == [])
    }

    @Test(arguments: ServiceLinkedRole.all.map(\.service))
    func aServicesRoleIsTheServicesOwn(service: String) async throws {
        let role = try await account.createServiceLinkedRole(for: service)
        let name = role.entity.name
        #expect(role.entity.arn.description == "arn:aws:iam::123456789012:role/aws-service-role/\(service)/\(name)")
        #expect(try await account.attachedPolicies(of: .role, named: name).map(\.path) == ["/aws-service-role/"])
        await #expect(throws: IdentityError.serviceRoleExists(name: name)) { try await account.createServiceLinkedRole(for: service) }

        let protected = IdentityError.protectedRole(name: name)
        await #expect(throws: protected) { try await account.deleteRole(name) }
        await #expect(throws: protected) { try await account.setTrustPolicy(machines, ofRole: name) }
        await #expect(throws: protected) { try await account.updateRole(named: name, description: "mine") }
        await #expect(throws: protected) { try await account.attachPolicy("arn:aws:iam::aws:policy/AdministratorAccess", to: .role, named: name) }
        await #expect(throws: protected) { try await account.putInlinePolicy("p", pull, to: .role, named: name) }

        let task = try await account.deleteServiceLinkedRole(name)
        #expect(task.hasPrefix("task/aws-service-role/\(service)/\(name)/"))
        try account.requireDeletion(task)
        #expect(throws: IdentityError.deletionTaskNotFound(task + "A")) { try account.requireDeletion(task + "A") }
        await #expect(throws: IdentityError.entityNotFound(.role, name: name)) { try await account.deleteServiceLinkedRole(name) }
        _ = try await account.createServiceLinkedRole(for: service)
    }

    @Test func otherServicesHaveNoRole() async throws {
        await #expect(throws: IdentityError.serviceWithoutRole("ec2.amazonaws.com")) {
            try await account.createServiceLinkedRole(for: "ec2.amazonaws.com")
        }
        await #expect(throws: IdentityError.customSuffixRefused(service: "replication.ecr.amazonaws.com")) {
            try await account.createServiceLinkedRole(for: "replication.ecr.amazonaws.com", suffix: "x")
        }
        _ = try await account.createRole("Deploy", trustPolicy: machines)
        await #expect(throws: IdentityError.entityNotFound(.role, name: "Deploy")) { try await account.deleteServiceLinkedRole("Deploy") }
    }
}
