import AWSCore
import IAM
import OCI
import RegistryCore
import TestSupport
import Testing

@testable import DistributionAPI

/// What policies say of the docker path, from the tables to the answer.
@Suite("Policies decide on the docker path")
struct DecisionTests {
    static let pull = #"["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]"#

    /// A registry whose repository `app` holds an image, tagged `v1` and `release-1`.
    private func pushed() async throws -> (RegistryClient, TestImage) {
        let client = try await RegistryClient()
        let image = TestImage.image(seed: 1)
        try await client.push(image, tag: "v1")
        _ = try await client.put(image, as: "release-1")
        return (client, image)
    }

    private func setRepositoryPolicy(_ statements: String, _ client: RegistryClient) async throws {
        try await client.installation.registry.setPolicy(PolicyText.of(statements), of: try #require(RepositoryName("app")))
    }

    @Test("anonymous pull where the repository's policy says *")
    func anonymousPull() async throws {
        let (client, image) = try await pushed()
        let layer = try #require(image.blobs.last).descriptor.digest
        #expect(try await client.anonymous.send(.get, "/v2/app/manifests/v1").status == 401)
        try await setRepositoryPolicy(PolicyText.grant(to: #""*""#, Self.pull), client)
        #expect(try await client.anonymous.send(.get, "/v2/app/manifests/v1").status == 200)
        #expect(try await client.anonymous.send(.get, "/v2/app/blobs/\(layer)").status == 200)
        let push = try await client.anonymous.send(.post, "/v2/app/blobs/uploads/")
        #expect(push.status == 401 && push["Www-Authenticate"]?.hasPrefix("Basic ") == true)
        #expect(try await client.anonymous.send(.get, "/v2/team/other/manifests/v1").status == 401)
        #expect(try await client.anonymous.send(.get, "/v2/").status == 401)
    }

    @Test("A policy change holds from the next request on")
    func policyChangeIsEffectiveOnTheNextRequest() async throws {
        let (client, _) = try await pushed()
        let user = try await client.installation.user()
        func status() async throws -> Int { try await client.acting(as: user).send(.get, "/v2/app/manifests/v1").status }
        #expect(try await status() == 403)
        try await client.installation.setPolicy(PolicyText.of(PolicyText.statement("Allow")), of: user)
        #expect(try await status() == 200)
        try await client.installation.setPolicy(PolicyText.of(PolicyText.statement("Allow", "Action", #""ecr:ListImages""#)), of: user)
        #expect(try await status() == 403)
        try await setRepositoryPolicy(PolicyText.grant(to: #""*""#, Self.pull), client)
        #expect(try await status() == 200)
        _ = try await client.installation.registry.deletePolicy(of: try #require(RepositoryName("app")))
        #expect(try await status() == 403)
    }

    @Test("SourceIp is that of the pull")
    func sourceIPOnTheDataPath() async throws {
        let (client, image) = try await pushed()
        let condition = #"{"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}}"#
        let user = try await client.installation.user(policy: PolicyText.of(PolicyText.statement("Allow", when: condition)))
        var outside = client.acting(as: user)
        var inside = outside
        inside.sourceIP = "198.51.100.7"
        outside.sourceIP = "192.0.2.1"
        for target in ["manifests/v1", "blobs/\(try #require(image.blobs.first).descriptor.digest)", "tags/list"] {
            #expect(try await inside.send(.get, "/v2/app/\(target)").status == 200)
            #expect(try await outside.send(.get, "/v2/app/\(target)").status == 403)
        }
    }

    @Test("Whoever was deleted does not hand its rights to a new one of its name")
    func deletedAndRecreatedUserWithTheSameName() async throws {
        let (client, _) = try await pushed()
        let first = try await client.installation.user(policy: PolicyText.of(PolicyText.statement("Allow", "Action", #""ecr:ListImages""#)))
        // As SetRepositoryPolicy stores it: the principal's unique id stands for its ARN.
        try await setRepositoryPolicy(PolicyText.grant(to: #"{"AWS":"\#(first.userID)"}"#, Self.pull), client)
        #expect(try await client.acting(as: first).send(.get, "/v2/app/manifests/v1").status == 200)
        try await client.installation.delete(first)
        let second = try await client.installation.user()
        #expect(second.arn == first.arn && second.userID != first.userID)
        for target in ["manifests/v1", "tags/list"] {
            #expect(try await client.acting(as: second).send(.get, "/v2/app/\(target)").status == 403)
            #expect(try await client.acting(as: first).send(.get, "/v2/app/tags/list").status == 403)
        }
    }

    @Test("A session policy that allows nothing leaves nothing")
    func sessionPolicyWithNoMatchingAllow() async throws {
        let (client, _) = try await pushed()
        let cut = PolicyText.of(PolicyText.statement("Allow", "Action", #""ecr:ListImages""#))
        let session = try await client.installation.roleSession(policy: PolicyText.of(PolicyText.statement("Allow")), cutBy: [cut])
        #expect(try await client.acting(as: session).send(.get, "/v2/app/tags/list").status == 200)
        let denied = try await client.acting(as: session).send(.get, "/v2/app/manifests/v1")
        #expect(
            denied.failure?.message == "User: arn:aws:sts::123456789012:assumed-role/deploy/run-1 is not authorized to perform: ecr:BatchGetImage "
                + "on resource: arn:aws:ecr:us-east-1:123456789012:repository/app because no session policy allows the ecr:BatchGetImage action")
    }

    @Test("aws:PrincipalArn of a session is the role's, with its path")
    func roleARNWithPathInPrincipalArn() async throws {
        let (client, _) = try await pushed()
        let condition = #"{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/ci/deploy"}}"#
        try await setRepositoryPolicy(PolicyText.grant(to: #""*""#, Self.pull, when: condition), client)
        let here = try await client.installation.roleSession(path: "/ci/")
        let elsewhere = try await client.installation.roleSession("other", path: "/")
        #expect(try await client.acting(as: here).send(.get, "/v2/app/manifests/v1").status == 200)
        #expect(try await client.acting(as: elsewhere).send(.get, "/v2/app/manifests/v1").status == 403)
    }

    @Test("A boundary cuts, and a managed policy that denies is named")
    func boundaryAndManagedPolicy() async throws {
        let (client, _) = try await pushed()
        let user = try await client.installation.user(policy: PolicyText.of(PolicyText.statement("Allow")))
        let pull = PolicyText.of(PolicyText.statement("Allow", "Action", Self.pull))
        try await client.installation.addManagedPolicy("pull", pull, to: user, asBoundary: true)
        #expect(try await client.acting(as: user).send(.get, "/v2/app/manifests/v1").status == 200)
        let list = try await client.acting(as: user).send(.get, "/v2/app/tags/list")
        #expect(list.failure?.message.hasSuffix("because no permissions boundary allows the ecr:ListImages action") == true)
        let arn = try await client.installation.addManagedPolicy(
            "no-pull", PolicyText.of(PolicyText.statement("Deny", "Action", Self.pull)), to: user)
        let denied = try await client.acting(as: user).send(.get, "/v2/app/manifests/v1")
        #expect(denied.failure?.message.hasSuffix("with an explicit deny in an identity-based policy: \(arn)") == true)
    }

    @Test("Across accounts both sides must allow, and an unknown repository looks like a forbidden one")
    func acrossAccounts() async throws {
        let (client, _) = try await pushed()
        let user = try await client.installation.user("partner", of: "999999999999", policy: PolicyText.of(PolicyText.statement("Allow")))
        let idle = try await client.installation.user("idle", of: "999999999999")
        func answers(_ caller: Caller, _ name: String = "app") async throws -> Answer {
            try await client.acting(as: caller).send(.get, "/v2/\(name)/manifests/v1")
        }
        for name in ["app", "absent"] {
            #expect(
                try await answers(user, name).failure?.message
                    == "User: arn:aws:iam::999999999999:user/partner is not authorized to perform: ecr:BatchGetImage on resource: "
                    + "arn:aws:ecr:us-east-1:123456789012:repository/\(name) because no resource-based policy allows the ecr:BatchGetImage action")
        }
        try await setRepositoryPolicy(PolicyText.grant(to: #"{"AWS":"999999999999"}"#, Self.pull), client)
        #expect(try await answers(user).status == 200)
        #expect(
            try await answers(idle).failure?.message.hasSuffix("because no identity-based policy allows the ecr:BatchGetImage action") == true)
        #expect(try await answers(user, "absent").status == 403)
    }

    @Test("The registry's policy speaks for all repositories, in scope V1 of three actions only")
    func registryPolicyScope() async throws {
        let (client, _) = try await pushed()
        let user = try await client.installation.user(policy: PolicyText.of(PolicyText.statement("Allow")))
        let deny = #"{"Effect":"Deny","Principal":"*","Action":"ecr:BatchGetImage","Resource":"arn:aws:ecr:*:*:repository/app"}"#
        try await client.installation.registry.setRegistryPolicy(PolicyText.of(deny))
        let denied = try await client.acting(as: user).send(.get, "/v2/app/manifests/v1")
        #expect(denied.failure?.message.hasSuffix("with an explicit deny in a resource-based policy") == true)
        #expect(try await client.send(.get, "/v2/app/manifests/v1").status == 403, "a resource's deny falls on the root, too")
        #expect(try await client.acting(as: user).send(.get, "/v2/team/other/manifests/v1").status == 404)
        try await client.installation.registry.putAccountSetting(.registryPolicyScope, "V1")
        #expect(try await client.acting(as: user).send(.get, "/v2/app/manifests/v1").status == 200)
    }

    @Test("BLOB_MOUNTING off makes a mount an upload")
    func blobMounting() async throws {
        let client = try await RegistryClient()
        let digest = try await client.push([1, 2, 3], to: RegistryClient.other)
        let mount = "/v2/app/blobs/uploads/?mount=\(digest)&from=team/other"
        try await client.installation.registry.putAccountSetting(.blobMounting, "DISABLED")
        #expect(try await client.send(.post, mount).status == 202)
        try await client.installation.registry.putAccountSetting(.blobMounting, "ENABLED")
        #expect(try await client.send(.post, mount).status == 201)
    }
}
