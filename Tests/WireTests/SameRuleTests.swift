import OCI
import RegistryCore
import TestSupport
import Testing

@testable import ECRAPI

/// PutImage and the manifest PUT of the docker path are one rule: what goes in by one is the same as by the other.
@Suite struct SameRuleTests {
    static let images: [(String, TestImage)] = [
        ("oci", .image(.oci, seed: 1)), ("docker", .image(.docker, seed: 2)), ("artifact", .artifact("application/vnd.example.sbom", seed: 3)),
    ]

    @Test(arguments: images) func anImageIsTheSameByEitherWay(kind: String, image: TestImage) async throws {
        let wire = try await Wire()
        let tag = try #require(ImageTag("v1"))
        for name in ["by-api", "by-docker"] { try await wire.succeed("CreateRepository", ["repositoryName": .string(name)]) }
        let digest = try await wire.push(image, to: "by-api", tag: "v1")
        let pushed = try await wire.installation.registry.push(image, to: try #require(RepositoryName("by-docker")), tags: [tag])
        #expect(digest == pushed.digest.description)
        #expect(digest == Digest.of(image.manifest.payload).description)
        for (operation, more) in [("DescribeImages", [:]), ("ListImages", [:]), ("BatchGetImage", ["imageIds": [["imageTag": "v1"]]])]
            as [(String, JSON)]
        {
            let answers = try await ["by-api", "by-docker"].asyncMap { name in
                var request = more
                request["repositoryName"] = .string(name)
                return try await wire.succeed(operation, request).mapStrings { $0.replacing(name, with: "repository") }
            }
            #expect(answers[0] == answers[1])
        }
        let byDocker = try await wire.installation.registry.image(ImageIdentifier(tag: tag), in: try #require(RepositoryName("by-api")))
        #expect(byDocker.payload == image.manifest.payload)
        #expect(byDocker.mediaType == image.manifest.mediaType)
    }

    @Test func theSamePushTwiceIsAnErrorHereOnly() async throws {
        let wire = try await Wire()
        try await wire.succeed("CreateRepository", ["repositoryName": "app"])
        let image = TestImage.image()
        try await wire.push(image, to: "app", tag: "v1")
        let again = try await wire.call(
            "PutImage",
            ["repositoryName": "app", "imageTag": "v1", "imageManifest": .string(String(decoding: image.manifest.payload, as: UTF8.self))])
        #expect(again.code == "ImageAlreadyExistsException")
        let byDocker = try await wire.installation.registry.push(image, to: try #require(RepositoryName("app")), tags: [try #require(ImageTag("v1"))])
        #expect(!byDocker.changed)
    }

    @Test func aTagThatTheAPIMadeImmutableHoldsOnTheDockerPath() async throws {
        let wire = try await Wire()
        try await wire.succeed("CreateRepository", ["repositoryName": "app", "imageTagMutability": "IMMUTABLE"])
        try await wire.push(.image(seed: 1), to: "app", tag: "v1")
        let tag = try #require(ImageTag("v1"))
        let name = try #require(RepositoryName("app"))
        await #expect(throws: RegistryError.tagImmutable(tag, name, registry: wire.installation.registry.id)) {
            try await wire.installation.registry.push(.image(seed: 2), to: name, tags: [tag])
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
