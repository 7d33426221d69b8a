import AWSCore
import IAM
import KMS
import Stores
import TestSupport
import Testing

@testable import ECRAPI

/// ECR's use of KMS: which repositories are under which keys, and who may have that.
@Suite struct KMSRepositoryTests {
    let wire: Wire
    let ring: KeyRing

    init() async throws {
        wire = try await Wire(encryptsAtRest: true)
        ring = wire.installation.kms.ring(wire.installation.account, wire.installation.region)
    }

    private func makeKey(policy: String? = nil) async throws -> Key {
        try await ring.createKey(description: "", policy: policy ?? ring.defaultPolicy, tags: [])
    }

    private func create(_ name: String, _ encryption: JSON, as caller: Caller? = nil) async throws -> Wire.Answer {
        try await wire.call("CreateRepository", ["repositoryName": .string(name), "encryptionConfiguration": encryption], as: caller)
    }

    private func grants(on key: Key) async throws -> [Grant] {
        try await ring.grants(on: key, id: nil, grantee: nil, after: nil, limit: 100).elements
    }

    @Test(arguments: ["KMS", "KMS_DSSE"]) func withoutAKeyItIsECRsOwn(type: String) async throws {
        let created = try await create("app", ["encryptionType": .string(type)])
        #expect(created.status == 200, "\(created.body)")
        let managed = try await ring.find("alias/aws/ecr").key
        let expected: JSON = ["encryptionType": .string(type), "kmsKey": .string(managed.arn.description)]
        #expect(created.body["repository"]?["encryptionConfiguration"] == expected)
        let described = try await wire.succeed("DescribeRepositories", ["repositoryNames": ["app"]])
        #expect(described["repositories"]?.elements.first?["encryptionConfiguration"] == expected)
    }

    @Test func aKeyHasAGrantForEachRepositoryUntilItIsDeleted() async throws {
        let key = try await makeKey()
        try await ring.createAlias("alias/images", of: key)
        for (name, text) in [("one", key.id), ("two", key.arn.description), ("three", "alias/images")] {
            let created = try await create(name, ["encryptionType": "KMS", "kmsKey": .string(text)])
            #expect(created.body["repository"]?["encryptionConfiguration"]?["kmsKey"]?.text == key.arn.description, "\(created.body)")
        }
        let scopes = try await grants(on: key).map(\.constraints.subset)
        #expect(
            Set(scopes)
                == Set(["one", "two", "three"].map { ["aws:ecr:arn": "arn:aws:ecr:us-east-1:123456789012:repository/\($0)"] }))
        #expect(
            try await grants(on: key).allSatisfy { $0.grantee == "ecr.us-east-1.amazonaws.com" && $0.operations == ["GenerateDataKey", "Decrypt"] })
        try await wire.succeed("DeleteRepository", ["repositoryName": "one"])
        #expect(try await grants(on: key).count == 2)
        #expect(try await wire.installation.services.purgeDeletedRepositories(limit: 10) > 0)
    }

    @Test func anExistingRepositoryKeepsItsGrant() async throws {
        let key = try await makeKey()
        _ = try await create("app", ["encryptionType": "KMS", "kmsKey": .string(key.id)])
        #expect(try await create("app", ["encryptionType": "KMS", "kmsKey": .string(key.id)]).code == "RepositoryAlreadyExistsException")
        #expect(try await grants(on: key).count == 1)
    }

    @Test func unusableKeysAreRefusedByWhatKMSSays() async throws {
        let key = try await makeKey()
        let unknown = try await create("app", ["encryptionType": "KMS", "kmsKey": "alias/nothing"])
        #expect(unknown.code == "KmsException")
        #expect(unknown.body["kmsError"] == "NotFoundException")
        try await ring.disable(key)
        #expect(try await create("app", ["encryptionType": "KMS", "kmsKey": .string(key.id)]).body["kmsError"] == "DisabledException")
        _ = try await ring.scheduleDeletion(of: key, days: 7)
        let pending = try await create("app", ["encryptionType": "KMS", "kmsKey": .string(key.id)])
        #expect(pending.code == "KmsException")
        #expect(pending.body["kmsError"] == "KMSInvalidStateException")
        #expect(try await wire.succeed("DescribeRepositories")["repositories"] == [])
    }

    @Test func theCallerMustBeAllowedToGrant() async throws {
        let key = try await makeKey()
        let installation = wire.installation
        let actions = [#""ecr:CreateRepository""#, #""kms:DescribeKey""#, #""kms:CreateGrant""#]
        for missing in 1...2 {
            let allowed = actions.indices.filter { $0 != missing }.map { actions[$0] }.joined(separator: ",")
            let caller = try await installation.user(
                "without\(missing)", policy: PolicyText.of(PolicyText.statement("Allow", "Action", "[\(allowed)]")))
            let answer = try await create("app", ["encryptionType": "KMS", "kmsKey": .string(key.id)], as: caller)
            #expect(answer.code == "KmsException")
            #expect(answer.body["kmsError"] == "AccessDeniedException")
        }
        #expect(try await grants(on: key).isEmpty)
        let caller = try await installation.user(
            "with", policy: PolicyText.of(PolicyText.statement("Allow", "Action", "[\(actions.joined(separator: ","))]")))
        #expect(try await create("app", ["encryptionType": "KMS", "kmsKey": .string(key.id)], as: caller).status == 200)
        // ECR's own key is for all who may do something with ECR.
        let plain = try await installation.user("plain", policy: PolicyText.of(PolicyText.statement("Allow", "Action", actions[0])))
        #expect(try await create("own", ["encryptionType": "KMS"], as: plain).status == 200)
    }

    @Test(arguments: [
        #"{"StringEquals":{"kms:ViaService":"ecr.us-east-1.amazonaws.com"}}"#, #"{"Bool":{"kms:GrantIsForAWSResource":"true"}}"#,
    ])
    func keyPoliciesMayDemandECR(condition: String) async throws {
        let key = try await makeKey(
            policy: """
                {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":["kms:DescribeKey","kms:CreateGrant"],\
                "Resource":"*","Condition":\(condition)}}
                """)
        #expect(try await create("app", ["encryptionType": "KMS", "kmsKey": .string(key.id)]).status == 200)
    }

    @Test func keyPoliciesMayDemandTheRepository() async throws {
        let key = try await makeKey(
            policy: """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"kms:DescribeKey","Resource":"*"},\
                {"Effect":"Allow","Principal":{"AWS":"*"},"Action":"kms:CreateGrant","Resource":"*","Condition":{"StringLike":\
                {"kms:EncryptionContext:aws:ecr:arn":"arn:aws:ecr:us-east-1:123456789012:repository/team/*"}}}]}
                """)
        #expect(try await create("team/app", ["encryptionType": "KMS", "kmsKey": .string(key.id)]).status == 200)
        #expect(try await create("app", ["encryptionType": "KMS", "kmsKey": .string(key.id)]).body["kmsError"] == "AccessDeniedException")
    }

    @Test func whatIsNotEncryptedTakesNoKey() async throws {
        let plain = try await Wire()
        let answer = try await plain.call("CreateRepository", ["repositoryName": "app", "encryptionConfiguration": ["encryptionType": "KMS"]])
        #expect(answer.code == "UnsupportedOperationException")
    }

    @Test func templatesSetTheKeyOfPushedRepositories() async throws {
        let key = try await makeKey()
        _ = try await wire.installation.roleSession("ecr")
        let template = try await wire.succeed(
            "CreateRepositoryCreationTemplate",
            [
                "prefix": "team", "appliedFor": ["CREATE_ON_PUSH"], "customRoleArn": "arn:aws:iam::123456789012:role/ecr",
                "encryptionConfiguration": ["encryptionType": "KMS", "kmsKey": .string(key.arn.description)],
            ])
        #expect(template["repositoryCreationTemplate"]?["encryptionConfiguration"]?["kmsKey"]?.text == key.arn.description)
        try await wire.succeed("InitiateLayerUpload", ["repositoryName": "team/app"])
        let described = try await wire.succeed("DescribeRepositories", ["repositoryNames": ["team/app"]])
        #expect(
            described["repositories"]?.elements.first?["encryptionConfiguration"] == [
                "encryptionType": "KMS", "kmsKey": .string(key.arn.description),
            ])
        #expect(try await grants(on: key).count == 1)
    }

    @Test func aTemplateWithAKeyNeedsARole() async throws {
        let answer = try await wire.call(
            "CreateRepositoryCreationTemplate",
            ["prefix": "team", "appliedFor": ["CREATE_ON_PUSH"], "encryptionConfiguration": ["encryptionType": "KMS"]])
        #expect(answer.code == "ValidationException")
    }
}
