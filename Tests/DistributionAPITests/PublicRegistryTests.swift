import HTTPTypes
import IAM
import OCI
import RegistryCore
import TestSupport
import Testing

@testable import DistributionAPI

/// The docker side of public registries: `/v2/<alias>/<repository>/…`, everybody pulls, some push.
@Suite struct PublicRegistryTests {
    let client: RegistryClient
    let registry: Registry
    let alias: String
    let app: RepositoryName
    let image = TestImage.image()

    init() async throws {
        client = try await RegistryClient(forPublicRegistries: true)
        registry = client.installation.services.registry(RegistryID(publicOf: client.installation.account))
        app = try #require(RepositoryName("team/app"))
        _ = try await registry.createPublicRepository(app, tags: [], catalog: nil, logo: nil)
        alias = try #require(try await registry.aliases().first).name.description
        try await registry.push(image, to: app, tags: [try #require(ImageTag("v1"))])
    }

    private func path(_ rest: String) -> String { "/v2/\(alias)/team/app/\(rest)" }

    @Test func anybodyPulls() async throws {
        let manifest = try await client.anonymous.send(.get, path("manifests/v1"))
        #expect(manifest.status == 200)
        #expect(manifest.body == image.manifest.payload)
        for blob in image.blobs {
            #expect(try await client.anonymous.send(.head, path("blobs/\(blob.descriptor.digest)")).status == 200)
            #expect(try await client.anonymous.send(.get, path("blobs/\(blob.descriptor.digest)")).body == blob.bytes)
        }
        let tags = try await client.anonymous.send(.get, path("tags/list"))
        #expect(String(decoding: tags.body, as: UTF8.self) == #"{"name":"\#(alias)/team/app","tags":["v1"]}"#)
        #expect(try await client.anonymous.send(.get, path("referrers/\(image.digest)")).status == 200)
        #expect(try await client.anonymous.send(.get, "/v2/").status == 200)
        // Whoever has no rights at all has no fewer than nobody.
        let user = try await client.installation.user("guest")
        #expect(try await client.acting(as: user).send(.get, path("manifests/v1")).status == 200)
    }

    /// Each address has its share of a month; whoever has credentials has no limit.
    @Test func anAddressPullsSoMuchInAMonthWithoutCredentials() async throws {
        var limits = Limits()
        let blob = image.blobs[1]
        limits.publicAnonymousBytes = Int64(blob.bytes.count) + 10
        var client = try await RegistryClient(limits: limits, forPublicRegistries: true)
        let registry = client.installation.services.registry(RegistryID(publicOf: client.installation.account))
        _ = try await registry.createPublicRepository(app, tags: [], catalog: nil, logo: nil)
        let alias = try #require(try await registry.aliases().first).name.description
        try await registry.push(image, to: app, tags: [try #require(ImageTag("v1"))])
        let path = "/v2/\(alias)/team/app/blobs/\(blob.descriptor.digest)"
        #expect(try await client.anonymous.send(.get, path, ["Range": "bytes=0-9"]).status == 206)
        #expect(try await client.anonymous.send(.head, path).status == 200)
        #expect(try await client.anonymous.send(.get, path).status == 200)
        let refused = try await client.anonymous.send(.get, path)
        #expect(refused.summary == "429 TOOMANYREQUESTS" && refused.failure?.message == "Data limit exceeded")
        #expect(try await client.anonymous.send(.get, "/v2/\(alias)/team/app/manifests/v1").status == 200)
        #expect(try await client.send(.get, path).status == 200)
        client.sourceIP = "192.0.2.2"
        #expect(try await client.anonymous.send(.get, path).status == 200)
        client.sourceIP = "192.0.2.1"
        client.installation.clock.advance(by: .seconds(31 * 24 * 3600))
        #expect(try await client.anonymous.send(.get, path).status == 200)
    }

    @Test func onlyManifestsThatAreReadCount() async throws {
        for method in [HTTPRequest.Method.get, .get, .head] { _ = try await client.anonymous.send(method, path("manifests/v1")) }
        _ = try await client.anonymous.send(.get, path("manifests/absent"))
        #expect(try await registry.pullCount(of: app) == 2)
    }

    @Test func nobodyPushesWithoutCredentials() async throws {
        for (method, rest) in [
            (HTTPRequest.Method.post, "blobs/uploads/"), (.put, "manifests/v1"), (.delete, "manifests/v1"),
            (.delete, "blobs/\(image.blobs[0].descriptor.digest)"),
        ] {
            let answer = try await client.anonymous.send(method, path(rest))
            #expect(answer.status == 401)
            #expect(
                answer["WWW-Authenticate"] == #"Bearer realm="https://registry.test/token/",service="registry.test",scope="aws""#, "\(rest)")
        }
    }

    @Test func pushesTakeThePublicActions() async throws {
        let refused = try await client.acting(
            as: client.installation.user("private", policy: PolicyText.of(PolicyText.statement("Allow", "Action", #""ecr:*""#)))
        ).send(.post, path("blobs/uploads/"))
        #expect(refused.summary == "403 DENIED")
        #expect(refused.failure?.message.contains("ecr-public:InitiateLayerUpload on resource: arn:aws:ecr-public::123456789012:") == true)

        let user = try await client.installation.user("ci", policy: PolicyText.of(PolicyText.statement("Allow", "Action", #""ecr-public:*""#)))
        let ci = client.acting(as: user)
        let bytes = Array("a layer".utf8)
        let begun = try await ci.send(.post, path("blobs/uploads/"))
        let location = try #require(begun["Location"])
        #expect(location.hasPrefix("/v2/\(alias)/team/app/blobs/uploads/"))
        #expect(try await ci.send(.patch, location, parts: [bytes])["Location"] == location)
        let early = try await ci.send(.patch, location, ["Content-Range": "0-1"], parts: [[1, 2]])
        #expect(early.status == 416)
        #expect(early["Location"] == location)
        let done = try await ci.send(.put, location + "?digest=\(Digest.of(bytes))")
        #expect(done.status == 201)
        #expect(done["Location"] == path("blobs/\(Digest.of(bytes))"))
        let pushed = try await ci.send(.put, path("manifests/v2"), ["Content-Type": "\(image.manifest.mediaType)"], parts: [image.manifest.payload])
        #expect(pushed.status == 201)
        #expect(pushed["Location"] == path("manifests/\(image.digest)"))
        #expect(pushed.action == "ecr-public:PutImage")
    }

    @Test func layersAreMountedInsideTheRegistryOnly() async throws {
        let other = try #require(RepositoryName("other"))
        _ = try await registry.createPublicRepository(other, tags: [], catalog: nil, logo: nil)
        let digest = image.blobs[0].descriptor.digest
        let mount = { (source: String) in
            try await client.send(.post, "/v2/\(alias)/other/blobs/uploads/?mount=\(digest)&from=\(source)")
        }
        #expect(try await mount("team/app").status == 202)
        #expect(try await mount("nobody/team/app").status == 202)
        #expect(try await mount("\(alias)/team/app").status == 201)
    }

    @Test(arguments: ["nobody/team/app", "team/app", "app", "123456789012/team/app"]) func onlyAnAliasLeadsToARepository(name: String) async throws {
        let answer = try await client.anonymous.send(.get, "/v2/\(name)/manifests/v1")
        #expect(["404 NAME_UNKNOWN", "400 NAME_INVALID"].contains(answer.summary))
    }

    @Test func privateRepositoriesAreNotHere() async throws {
        let installation = client.installation
        let name = try #require(RepositoryName(RegistryClient.app))
        try await installation.registry.push(image, to: name, tags: [try #require(ImageTag("v1"))])
        #expect(try await client.send(.get, "/v2/\(alias)/\(name)/manifests/v1").summary == "404 NAME_UNKNOWN")
    }

    @Test func publicRepositoriesAreOnlyHere() async throws {
        var privately = client
        privately.isForPublicRegistries = false
        for name in ["team/app", "\(alias)/team/app"] {
            #expect(try await privately.send(.get, "/v2/\(name)/manifests/v1").summary == "404 NAME_UNKNOWN")
        }
    }
}
