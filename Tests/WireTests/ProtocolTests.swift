import AWSCore
import IAM
import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

@testable import ECRAPI

/// What holds for every operation: the way from the bytes of a request to the bytes of an answer.
@Suite struct ProtocolTests {
    let wire: Wire

    init() async throws {
        wire = try await Wire()
    }

    @Test func anAnswerHasTheProtocolsHeaders() async throws {
        let answer = try await wire.call("DescribeRepositories")
        #expect(answer.status == 200)
        #expect(answer.headers["Content-Type"] == "application/x-amz-json-1.1")
        #expect(answer.headers["x-amzn-RequestId"] == "00000000-0000-4000-8000-000000000000")
        let refusal = try await wire.call("DescribeRepositories", ["maxResults": 0])
        #expect(refusal.headers["Content-Type"] == "application/x-amz-json-1.1")
        #expect(refusal.headers["x-amzn-RequestId"] == "00000000-0000-4000-8000-000000000000")
    }

    @Test func anEmptyBodyIsAnEmptyObjectAndUnknownMembersAreIgnored() async throws {
        #expect(try await wire.send("DescribeRepositories", []).body == ["repositories": []])
        #expect(try await wire.call("DescribeRepositories", ["unknown": ["x": 1]]).body == ["repositories": []])
    }

    @Test(arguments: ["{", "nonsense", "[]", "7", #"{"maxResults":"7"}"#, #"{"repositoryNames":"app"}"#, #"{"maxResults":1.5}"#, "\u{0}"])
    func whatIsNotAnInputIsASerializationException(body: String) async throws {
        let answer = try await wire.send("DescribeRepositories", Array(body.utf8))
        #expect(answer.status == 400)
        #expect(answer.code == "SerializationException")
    }

    @Test(arguments: Operations.missing.sorted()) func whatIsToComeSaysSo(operation: String) async throws {
        let answer = try await wire.call(operation)
        #expect(answer.status == 400)
        #expect(answer.code == "UnsupportedOperationException")
        #expect(answer.message == "Berth does not implement ecr:\(operation) yet.")
        #expect(answer.action == "ecr:\(operation)")
    }

    @Test(arguments: ["", "Describe", "describeRepositories", "DescribeRepositories2", "ECROperation"])
    func whatIsNoOperationIsUnknown(operation: String) async throws {
        let answer = try await wire.call(operation)
        #expect(answer.status == 400)
        #expect(answer.body == ["__type": "UnknownOperationException"])
        #expect(answer.action == nil)
    }

    @Test(arguments: ModelledOperation.all) func theActionIsToldForTheLog(operation: ModelledOperation) async throws {
        #expect(try await Wire(operation.api.api).call(operation.name).action == operation.action)
    }

    /// A valid request of every operation by someone without rights: refused, by the operation's own action, before any look-up.
    @Test(arguments: ModelledOperation.all) func nobodyElseMayDoAnything(operation: ModelledOperation) async throws {
        let wire = try await Wire(operation.api.api)
        let id = wire.installation.registry.id
        let registry = operation.api.api == .ecr ? id : RegistryID(publicOf: id.account)
        let shape = try #require(operation.model.operations[operation.name]).input
        var request = operation.model.sample(of: shape)
        if request["registryId"] != nil { request["registryId"] = nil }
        if request["resourceArn"] != nil { request["resourceArn"] = .string(registry.arn(of: "repository/aaa").description) }
        let anonymous = Caller.anonymous(account: wire.caller.account, region: wire.caller.region)
        let action = operation.name == "ListImageReferrers" ? "ecr:BatchGetImage" : operation.action
        // The policies are what authorization itself looks at.
        let repository = registry.arn(of: try #require(RepositoryName("aaa")))
        for permission in [Permission(action), Permission(action, on: repository)] {
            #expect(try await !wire.installation.authorizer.decide(permission, wire.installation.context(anonymous)).isAllowed)
        }
        let statements = wire.installation.recording.statements.count
        let answer = try await wire.call(operation.name, request, as: anonymous)
        #expect(answer.status == 400)
        #expect(answer.code == "AccessDeniedException")
        let message = try #require(answer.message)
        let start = "User: anonymous is not authorized to perform: \(action) on resource: "
        #expect(message.hasPrefix(start))
        let onAll = [
            "GetAuthorizationToken", "DescribeRegistry", "GetRegistryPolicy", "PutRegistryPolicy", "DeleteRegistryPolicy", "GetAccountSetting",
            "PutAccountSetting", "DescribeRegistries", "GetRegistryCatalogData", "PutRegistryCatalogData", "CreateRepositoryCreationTemplate",
            "DeleteRepositoryCreationTemplate", "DescribeRepositoryCreationTemplates", "UpdateRepositoryCreationTemplate",
            "DeregisterPullTimeUpdateExclusion", "ListPullTimeUpdateExclusions", "RegisterPullTimeUpdateExclusion",
        ]
        let resource = onAll.contains(operation.name) ? "*" : repository.description
        #expect(message.hasPrefix(start + resource + " because no "))
        #expect(wire.installation.recording.statements.count == statements)
    }

    @Test func creatingWithTagsTakesTheRightToTag() throws {
        let registry = wire.installation.registry
        let create = CreateRepository(
            registryId: nil, repositoryName: try #require(RepositoryName("app")), tags: [Tag(key: "a", value: "b")], imageTagMutability: nil,
            imageTagMutabilityExclusionFilters: nil, imageScanningConfiguration: nil, encryptionConfiguration: nil)
        let arn = registry.id.arn(of: create.repositoryName)
        let facts = ["aws:RequestTag/a": ["b"], "aws:TagKeys": ["a"]]
        #expect(
            create.permissions(in: registry)
                == [Permission("ecr:CreateRepository", on: arn, facts: facts), Permission("ecr:TagResource", on: arn, facts: facts)])
    }

    @Test func registriesOfRegionsAreSeparate() async throws {
        try await wire.succeed("CreateRepository", ["repositoryName": "app"])
        let elsewhere = Caller.root(of: wire.caller.account, accessKeyID: "AKIA", region: try #require(Region("eu-west-1")))
        #expect(try await wire.call("DescribeRepositories", as: elsewhere).body == ["repositories": []])
        let created = try await wire.call("CreateRepository", ["repositoryName": "app"], as: elsewhere)
        #expect(created.body["repository"]?["repositoryArn"] == "arn:aws:ecr:eu-west-1:123456789012:repository/app")
    }

    @Test func anErrorOfOursTellsNothingButTheRequest() async throws {
        try await wire.succeed("CreateRepository", ["repositoryName": "app"])
        let upload = try await wire.succeed("InitiateLayerUpload", ["repositoryName": "app"])
        wire.installation.blobs.failNext(.append, error: .failed("secret path"))
        let answer = try await wire.call(
            "UploadLayerPart",
            [
                "repositoryName": "app", "uploadId": try #require(upload["uploadId"]), "partFirstByte": 0, "partLastByte": 1,
                "layerPartBlob": "e30=",
            ])
        #expect(answer.status == 500)
        #expect(answer.code == "ServerException")
        #expect(answer.message == "The request failed for a reason of the server's own. Request id: 00000000-0000-4000-8000-000000000000")
    }

    @Test func aFullDeviceIsSaid() async throws {
        try await wire.succeed("CreateRepository", ["repositoryName": "app"])
        let upload = try await wire.succeed("InitiateLayerUpload", ["repositoryName": "app"])
        wire.installation.blobs.failNext(.write, error: .full)
        let answer = try await wire.call(
            "UploadLayerPart",
            [
                "repositoryName": "app", "uploadId": try #require(upload["uploadId"]), "partFirstByte": 0, "partLastByte": 1,
                "layerPartBlob": "e30=",
            ])
        #expect(answer.status == 507)
        #expect(answer.body == ["__type": "ServerException", "message": "The storage of the registry is full. Nothing was changed."])
    }
}
