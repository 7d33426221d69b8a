import IAM
import OCI
import TestSupport
import Testing

@testable import ECRAPI

/// What policies of repositories and registries do, through the operations that set them.
@Suite struct PolicyTests {
    private static func policy(for principal: String) -> JSON {
        .string(PolicyText.of(PolicyText.grant(to: #"{"AWS":"\#(principal)"}"#, #""ecr:BatchGetImage""#)))
    }

    @Test func aPrincipalIsStoredByUniqueIDAndShownByARNWhileItLives() async throws {
        let wire = try await Wire()
        try await wire.succeed("CreateRepository", ["repositoryName": "app"])
        let user = try await wire.installation.user(policy: PolicyText.of(PolicyText.statement("Allow")))
        let set = try await wire.succeed("SetRepositoryPolicy", ["repositoryName": "app", "policyText": Self.policy(for: user.arn)])
        #expect(set["policyText"] == Self.policy(for: user.arn))
        let name = try #require(RepositoryName("app"))
        #expect(try await wire.installation.registry.policy(of: name).contains(#""AWS":"\#(user.userID)""#))
        #expect(try await wire.succeed("GetRepositoryPolicy", ["repositoryName": "app"])["policyText"] == Self.policy(for: user.arn))

        try await wire.installation.delete(user)
        _ = try await wire.installation.user()
        #expect(try await wire.succeed("GetRepositoryPolicy", ["repositoryName": "app"])["policyText"] == Self.policy(for: user.userID))
    }

    @Test func sessionsOfRolesAndAccountsAreKnown() async throws {
        let wire = try await Wire()
        try await wire.succeed("CreateRepository", ["repositoryName": "app"])
        let session = try await wire.installation.roleSession(path: "/ci/")
        for principal in [session.arn, "arn:aws:iam::123456789012:role/ci/deploy", "arn:aws:iam::123456789012:root", "123456789012"] {
            let set = try await wire.succeed("SetRepositoryPolicy", ["repositoryName": "app", "policyText": Self.policy(for: principal)])
            #expect(set["policyText"] == Self.policy(for: principal))
            #expect(try await wire.succeed("GetRepositoryPolicy", ["repositoryName": "app"])["policyText"] == Self.policy(for: principal))
        }
        for principal in ["arn:aws:iam::123456789012:role/deploy", "arn:aws:sts::123456789012:assumed-role/other/run-1", "AROAUNKNOWNUNKNOWN1"] {
            let set = try await wire.call("SetRepositoryPolicy", ["repositoryName": "app", "policyText": Self.policy(for: principal)])
            #expect(set.message == "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'")
        }
    }

    @Test func anotherAccountNeedsBothSidesAndLearnsNothing() async throws {
        let wire = try await Wire()
        let partner = try await wire.installation.user("partner", of: "999999999999", policy: PolicyText.of(PolicyText.statement("Allow")))
        try await wire.succeed("CreateRepository", ["repositoryName": "app"])
        func describe(_ name: JSON) async throws -> Wire.Answer {
            try await wire.call("DescribeImages", ["repositoryName": name, "registryId": "123456789012"], as: partner)
        }
        for name in ["app", "absent"] {
            #expect(
                try await describe(.string(name)).message
                    == "User: arn:aws:iam::999999999999:user/partner is not authorized to perform: ecr:DescribeImages on resource: "
                    + "arn:aws:ecr:us-east-1:123456789012:repository/\(name) because no resource-based policy allows the ecr:DescribeImages action")
        }
        let policy = JSON.string(PolicyText.of(PolicyText.grant(to: #"{"AWS":"999999999999"}"#, #""ecr:DescribeImages""#)))
        try await wire.succeed("SetRepositoryPolicy", ["repositoryName": "app", "policyText": policy])
        #expect(try await describe("app").status == 200)
        #expect(try await describe("absent").code == "AccessDeniedException")
        try await wire.installation.setPolicy(PolicyText.of(PolicyText.statement("Allow", "NotAction", #""ecr:DescribeImages""#)), of: partner)
        #expect(try await describe("app").message?.hasSuffix("because no identity-based policy allows the ecr:DescribeImages action") == true)
    }

    @Test func aPolicyGoesWithItsRepository() async throws {
        let wire = try await Wire()
        let policy = JSON.string(PolicyText.of(PolicyText.grant(to: #""*""#, #""ecr:DescribeImages""#)))
        try await wire.succeed("CreateRepository", ["repositoryName": "app"])
        try await wire.succeed("SetRepositoryPolicy", ["repositoryName": "app", "policyText": policy])
        let user = try await wire.installation.user()
        #expect(try await wire.call("DescribeImages", ["repositoryName": "app"], as: user).status == 200)
        try await wire.succeed("DeleteRepository", ["repositoryName": "app"])
        try await wire.succeed("CreateRepository", ["repositoryName": "app"])
        #expect(try await wire.call("DescribeImages", ["repositoryName": "app"], as: user).code == "AccessDeniedException")
        #expect(try await wire.call("GetRepositoryPolicy", ["repositoryName": "app"]).code == "RepositoryPolicyNotFoundException")
    }

    @Test func nobodyIsShutOutWithoutForce() async throws {
        let wire = try await Wire()
        try await wire.succeed("CreateRepository", ["repositoryName": "app"])
        let granted = JSON.string(PolicyText.of(PolicyText.grant(to: #""*""#, #""ecr:SetRepositoryPolicy""#)))
        try await wire.succeed("SetRepositoryPolicy", ["repositoryName": "app", "policyText": granted])
        // Who has the right by the policy alone loses it with the policy.
        let user = try await wire.installation.user()
        let other = Self.policy(for: "123456789012")
        let refused = try await wire.call("SetRepositoryPolicy", ["repositoryName": "app", "policyText": other], as: user)
        #expect(refused.code == "InvalidParameterException")
        #expect(try await wire.succeed("GetRepositoryPolicy", ["repositoryName": "app"])["policyText"] == granted)
        #expect(try await wire.call("SetRepositoryPolicy", ["repositoryName": "app", "policyText": other, "force": true], as: user).status == 200)
        #expect(
            try await wire.call("SetRepositoryPolicy", ["repositoryName": "app", "policyText": granted], as: user).code == "AccessDeniedException")
    }

    @Test func tagsOfTheRequestAndOfTheRepositoryDecide() async throws {
        let wire = try await Wire()
        let team = #"{"StringEquals":{"aws:RequestTag/team":"blue"}}"#
        let own = #"{"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}","ecr:ResourceTag/Team":"blue"}}"#
        let user = try await wire.installation.user(
            policy: PolicyText.of(
                PolicyText.statement("Allow", "Action", #"["ecr:CreateRepository","ecr:TagResource"]"#, when: team),
                PolicyText.statement("Allow", "Action", #""ecr:DescribeImages""#, when: own),
                PolicyText.statement("Allow", "Action", #""ecr:UntagResource""#, when: #"{"ForAllValues:StringEquals":{"aws:TagKeys":["draft"]}}"#)),
            tags: ["team": "blue"])
        func create(_ name: JSON, _ value: JSON) async throws -> Int {
            try await wire.call("CreateRepository", ["repositoryName": name, "tags": [["Key": "team", "Value": value]]], as: user).status
        }
        #expect(try await create("app-a", "blue") == 200)
        #expect(try await create("app-b", "red") == 400)
        #expect(try await wire.call("CreateRepository", ["repositoryName": "app-c"], as: user).code == "AccessDeniedException")
        #expect(try await wire.call("DescribeImages", ["repositoryName": "app-a"], as: user).status == 200)
        let arn: JSON = "arn:aws:ecr:us-east-1:123456789012:repository/app-a"
        #expect(try await wire.call("UntagResource", ["resourceArn": arn, "tagKeys": ["draft", "team"]], as: user).code == "AccessDeniedException")
        #expect(try await wire.call("UntagResource", ["resourceArn": arn, "tagKeys": ["draft"]], as: user).status == 200)
        try await wire.succeed("TagResource", ["resourceArn": arn, "tags": [["Key": "team", "Value": "red"]]])
        #expect(try await wire.call("DescribeImages", ["repositoryName": "app-a"], as: user).code == "AccessDeniedException")
    }

    @Test func eachImageOfABatchIsAskedFor() async throws {
        let wire = try await Wire()
        try await wire.succeed("CreateRepository", ["repositoryName": "app"])
        let digest = try await wire.push(.image(seed: 1), to: "app", tag: "dev-1")
        try await wire.push(.image(seed: 2), to: "app", tag: "release-1")
        let onlyDev = #"{"StringLike":{"ecr:ImageTag":"dev-*"}}"#
        let user = try await wire.installation.user(
            policy: PolicyText.of(
                PolicyText.statement("Allow", "Action", #"["ecr:BatchGetImage","ecr:BatchDeleteImage"]"#, when: onlyDev),
                PolicyText.statement("Allow", "Action", #""ecr:PutImage""#, when: onlyDev)))
        func call(_ operation: String, _ ids: JSON...) async throws -> Wire.Answer {
            try await wire.call(operation, ["repositoryName": "app", "imageIds": .array(ids)], as: user)
        }
        #expect(try await call("BatchGetImage", ["imageTag": "dev-1"]).status == 200)
        #expect(try await call("BatchGetImage", ["imageTag": "dev-1"], ["imageTag": "release-1"]).code == "AccessDeniedException")
        #expect(try await call("BatchDeleteImage", ["imageTag": "dev-1"], ["imageTag": "release-1"]).code == "AccessDeniedException")

        let manifest = JSON.string(String(decoding: TestImage.image(seed: 1).manifest.payload, as: UTF8.self))
        func put(_ tag: JSON) async throws -> Wire.Answer {
            try await wire.call("PutImage", ["repositoryName": "app", "imageManifest": manifest, "imageTag": tag], as: user)
        }
        #expect(try await put("release-2").code == "AccessDeniedException")
        #expect(try await put("dev-2").status == 200)
        try await wire.succeed("PutImage", ["repositoryName": "app", "imageManifest": manifest, "imageTag": "v1"])
        // Its digest stands for all its tags, and one of them is not the user's to delete.
        #expect(try await call("BatchDeleteImage", ["imageDigest": .string(digest)]).code == "AccessDeniedException")
        #expect(try await call("BatchDeleteImage", ["imageDigest": .string(digest), "imageTag": "dev-1"]).code == "AccessDeniedException")
        #expect(try await call("BatchGetImage", ["imageDigest": .string(digest)]).status == 200)
    }

    @Test func anAccountSettingIsAConditionKey() async throws {
        let wire = try await Wire()
        let user = try await wire.installation.user(
            policy: PolicyText.of(
                PolicyText.statement(
                    "Allow", "Action", #""ecr:PutAccountSetting""#, when: #"{"StringEquals":{"ecr:AccountSetting":"BLOB_MOUNTING"}}"#)))
        let mounting = try await wire.call("PutAccountSetting", ["name": "BLOB_MOUNTING", "value": "DISABLED"], as: user)
        #expect(mounting.status == 200)
        let scope = try await wire.call("PutAccountSetting", ["name": "REGISTRY_POLICY_SCOPE", "value": "V1"], as: user)
        #expect(scope.message?.contains("ecr:PutAccountSetting on resource: * because no identity-based policy") == true)
    }
}
