import IAM
import OCI
import RegistryCore
import TestSupport
import Testing

@testable import ECRAPI

/// What only ECR Public has: aliases, catalog data, a namespace and tokens of its own.
@Suite struct PublicRegistryTests {
    let wire: Wire

    init() async throws { wire = try await Wire(.ecrPublic) }

    private func alias() async throws -> String {
        let registries = try await wire.succeed("DescribeRegistries")["registries"]?.elements ?? []
        let aliases = registries.first?["aliases"]?.elements ?? []
        return try #require(aliases.first { $0["defaultRegistryAlias"] == true }?["name"]?.text)
    }

    /// The same installation's private API.
    private var privateAPI: ECRDialect {
        let installation = wire.installation
        return ECRDialect(services: installation.services, tokens: installation.identity.dockerTokens, authorizer: installation.authorizer)
    }

    private func privately(_ operation: String, _ request: JSON) async throws -> JSON {
        try JSON(bytes: await privateAPI.respond(to: operation, body: request.bytes, context: wire.installation.context(wire.caller)).body)
    }

    @Test func theFirstRepositoryBringsAnAliasThatStays() async throws {
        let first = try await wire.succeed("CreateRepository", ["repositoryName": "aa"])["repository"]
        let alias = try await alias()
        #expect(alias.wholeMatch(of: /([a-z][0-9]){4}/) != nil)
        #expect(first?["repositoryUri"] == .string("public.ecr.aws/\(alias)/aa"))
        let second = try await wire.succeed("CreateRepository", ["repositoryName": "bb"])["repository"]
        #expect(second?["repositoryUri"] == .string("public.ecr.aws/\(alias)/bb"))
        for name in ["aa", "bb"] { try await wire.succeed("DeleteRepository", ["repositoryName": .string(name)]) }
        #expect(try await self.alias() == alias)
    }

    @Test func anAliasThatWasGrantedIsShownAndTheDefaultOneWorksOn() async throws {
        try await wire.succeed("CreateRepository", ["repositoryName": "aa"])
        let (own, wanted) = (try await alias(), try #require(RegistryAlias("example")))
        let services = wire.installation.services
        let registry = services.registry(RegistryID(publicOf: wire.installation.account))
        #expect(try await registry.requestAlias(wanted))
        let upload: (String) async throws -> Wire.Answer = {
            try await wire.call("InitiateLayerUpload", ["repositoryName": "aa", "registryId": .string($0)])
        }
        #expect(try await upload("example").code == "RegistryNotFoundException")
        #expect(try await services.settleAlias(wanted, isGranted: true))
        let repositories = try await wire.succeed("DescribeRepositories")["repositories"]?.elements
        #expect(repositories?.first?["repositoryUri"] == "public.ecr.aws/example/aa")
        for name in ["example", own, "123456789012"] { #expect(try await upload(name).status == 200) }
    }

    @Test func publicAndPrivateRepositoriesOfANameAreTwo() async throws {
        try await wire.succeed("CreateRepository", ["repositoryName": "app"])
        #expect(try await privately("DescribeRepositories", [:]) == ["repositories": []])
        #expect(try await privately("DescribeImages", ["repositoryName": "app"])["__type"] == "RepositoryNotFoundException")
        #expect(try await privately("CreateRepository", ["repositoryName": "app"])["repository"]?["repositoryName"] == "app")
        try await wire.push(.image(), to: "app", tag: "v1")
        #expect(try await privately("ListImages", ["repositoryName": "app"])["imageIds"] == [])
        // Not even a layer is told of, nor an ARN taken for the other's.
        let layer = TestImage.image().blobs[0].descriptor.digest.description
        let found = try await privately("BatchCheckLayerAvailability", ["repositoryName": "app", "layerDigests": [.string(layer)]])
        #expect(found["layers"]?.elements.first?["layerAvailability"] == "UNAVAILABLE")
        let arn: JSON = ["resourceArn": "arn:aws:ecr-public::123456789012:repository/app"]
        #expect(try await privately("ListTagsForResource", arn)["__type"] == "InvalidParameterException")
        let privateARN = try await wire.call("ListTagsForResource", ["resourceArn": "arn:aws:ecr:us-east-1:123456789012:repository/app"])
        #expect(privateARN.code == "InvalidParameterException")
    }

    @Test func aPolicyOfOneKindSaysNothingOfTheOther() async throws {
        let partner = try await wire.installation.user("partner", of: "999999999999", policy: PolicyText.of(PolicyText.statement("Allow")))
        try await wire.succeed("CreateRepository", ["repositoryName": "app"])
        _ = try await privately("CreateRepository", ["repositoryName": "app"])
        let describe = { try await wire.call("DescribeImages", ["repositoryName": "app", "registryId": "123456789012"], as: partner) }
        #expect(try await describe().code == "AccessDeniedException")
        let grant = { (service: String) in
            JSON.string(PolicyText.of(PolicyText.grant(to: #"{"AWS":"999999999999"}"#, "\"\(service):DescribeImages\"")))
        }
        _ = try await privately("SetRepositoryPolicy", ["repositoryName": "app", "policyText": grant("ecr")])
        #expect(try await describe().code == "AccessDeniedException")
        #expect(
            try await wire.call("SetRepositoryPolicy", ["repositoryName": "app", "policyText": grant("ecr")]).code == "InvalidParameterException")
        try await wire.succeed("SetRepositoryPolicy", ["repositoryName": "app", "policyText": grant("ecr-public")])
        #expect(try await describe().status == 200)
    }

    @Test func passwordsAreGoodForOneKindOfRegistryOnly() async throws {
        let identity = wire.installation.identity
        let password = try await identity.publicTokens.issue(to: wire.caller).password
        #expect(try await identity.publicTokens.caller(for: password) == wire.caller)
        await #expect(throws: (any Error).self) { try await identity.dockerTokens.caller(for: password) }
        let other = try await identity.dockerTokens.issue(to: wire.caller).password
        await #expect(throws: (any Error).self) { try await identity.publicTokens.caller(for: other) }
    }

    @Test func conditionsMayAskForTagsOfPublicRepositories() async throws {
        let condition = #""Condition":{"StringEquals":{"ecr-public:ResourceTag/team":"a"}}"#
        let user = try await wire.installation.user(
            policy: #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*",\#(condition)}}"#)
        try await wire.succeed("CreateRepository", ["repositoryName": "aa", "tags": [["Key": "team", "Value": "a"]]])
        try await wire.succeed("CreateRepository", ["repositoryName": "bb"])
        #expect(try await wire.call("DescribeImages", ["repositoryName": "aa"], as: user).status == 200)
        #expect(try await wire.call("DescribeImages", ["repositoryName": "bb"], as: user).code == "AccessDeniedException")
    }

    @Test(arguments: [1, 2, 100]) func listsComePageByPage(size: Int) async throws {
        for name in ["aa", "bb", "cc"] { try await wire.succeed("CreateRepository", ["repositoryName": .string(name)]) }
        for seed in 1...3 { try await wire.push(.image(seed: UInt64(seed)), to: "bb", tag: "v\(seed)") }
        #expect(try await walk("DescribeRepositories", [:], "repositories", size).map { $0["repositoryName"] } == ["aa", "bb", "cc"])
        let tags = try await walk("DescribeImageTags", ["repositoryName": "bb"], "imageTagDetails", size)
        #expect(tags.map { $0["imageTag"] } == ["v1", "v2", "v3"])
        let images = try await walk("DescribeImages", ["repositoryName": "bb"], "imageDetails", size)
        #expect(images.map { $0["imageTags"] } == [["v3"], ["v2"], ["v1"]])
        #expect(Set(images.map { $0["imageDigest"] }) == Set(tags.map { $0["imageDetail"]?["imageDigest"] }))
    }

    private func walk(_ operation: String, _ request: JSON, _ list: String, _ size: Int) async throws -> [JSON] {
        var (found, request) = ([JSON](), request)
        request["maxResults"] = .integer(size)
        repeat {
            let page = try await wire.succeed(operation, request)
            found += page[list]?.elements ?? []
            request["nextToken"] = page["nextToken"]
        } while request["nextToken"] != nil && found.count < 100
        return found
    }

    @Test func aTokenOfAPrivateListGoesOnWithNoPublicOne() async throws {
        for name in ["aa", "bb"] {
            try await wire.succeed("CreateRepository", ["repositoryName": .string(name)])
            _ = try await privately("CreateRepository", ["repositoryName": .string(name)])
        }
        let token = try #require(try await privately("DescribeRepositories", ["maxResults": 1])["nextToken"])
        #expect(try await wire.call("DescribeRepositories", ["nextToken": token]).code == "InvalidParameterException")
    }
}
