import HTTPTypes
import OCI
import RegistryCore
import TestSupport
import Testing

@testable import DistributionAPI

@Suite("Paths")
struct PathTests {
    @Test(
        "Paths that mean something else to somebody are refused",
        arguments: [
            "/v2/app/../other/tags/list", "/v2/app/./tags/list", "/v2/app%2ftags/list", "/v2/team%2Fother/tags/list", "/v2//app/tags/list",
            "/v2/app//tags/list", "/v2/app/tags//list", "/v2/app/%2e%2e/other/tags/list", "/v2/%2e/tags/list", "/v2/app%00/tags/list",
            "/v2/app/manifests/%00", "/v2/app/manifests/%2e%2e", "/v2/app/manifests/..%2f..%2fetc", "/v2/app/manifests/%ff", "/v2/app/manifests/%",
            "/v2/app/manifests/%zz", "/v2/app%5c..%5cother/tags/list", "/v2/app/blobs/sha256:..%2f..%2f..%2fetc%2fpasswd", "/v2/..//tags/list",
            "/v2/app/blobs/uploads//",
        ])
    func refused(_ path: String) async throws {
        let client = try await RegistryClient()
        for method in [HTTPRequest.Method.get, .put, .delete, .post] {
            #expect(try await client.send(method, path).summary == "400 NAME_INVALID", "\(method)")
        }
    }

    @Test("A path is decoded once, not twice", arguments: ["%252e%252e", "%2561pp", "app%252fx"])
    func decodedOnce(_ name: String) async throws {
        let client = try await RegistryClient()
        #expect(try await client.send(.get, "/v2/\(name)/tags/list").summary == "400 NAME_INVALID")
    }

    @Test("A path that is encoded without need is the same path", arguments: ["/v2/%61pp/tags/list", "/v2/app/%74ags/list"])
    func encodedWithoutNeed(_ path: String) async throws {
        let client = try await RegistryClient()
        #expect(try await client.send(.get, path).status == 200)
    }

    @Test(
        "Names that are none are refused",
        arguments: ["App", "a", "-app", "app-", "a..b", "a___b", ".app", "app_", "a%20b", "%C3%A4pp", "a:b", String(repeating: "a", count: 257)])
    func invalidName(_ name: String) async throws {
        let client = try await RegistryClient()
        for (method, rest) in [(HTTPRequest.Method.get, "tags/list"), (.put, "manifests/latest"), (.post, "blobs/uploads/")] {
            let answer = try await client.send(method, "/v2/\(name)/\(rest)")
            #expect(answer.summary == "400 NAME_INVALID")
            #expect(answer.failure?.message.contains(RepositoryName.pattern) == true)
        }
    }

    @Test(
        "Paths that are not in the API",
        arguments: [
            "/v2/app", "/v2/app/", "/v2/app/tags", "/v2/app/tags/list/", "/v2/tags/list", "/v2/app/manifests", "/v2/app/manifests/latest/",
            "/v2/app/blobs",
            "/v2/_catalog", "/v2/app/x/y", "/v2/app/manifests/a/b", "/v1/", "/", "", "/v2x/app/tags/list",
        ])
    func unknown(_ path: String) async throws {
        let client = try await RegistryClient()
        #expect(try await client.send(.get, path).summary == "404 UNSUPPORTED")
    }

    @Test(
        "Other methods are named",
        arguments: [
            ("/v2/app/tags/list", HTTPRequest.Method.post, "GET"), ("/v2/app/manifests/latest", .post, "GET, HEAD, PUT, DELETE"),
            ("/v2/app/manifests/latest", .patch, "GET, HEAD, PUT, DELETE"), ("/v2/app/blobs/\(Digest.of([]))", .put, "GET, HEAD, DELETE"),
            ("/v2/app/blobs/uploads/\(AuthorizationTests.upload)", .post, "GET, PATCH, PUT, DELETE"), ("/v2/", .delete, "GET, HEAD"),
        ])
    func wrongMethod(_ path: String, _ method: HTTPRequest.Method, allowed: String) async throws {
        let client = try await RegistryClient()
        let answer = try await client.send(method, path)
        #expect(answer.summary == "405 UNSUPPORTED" && answer["Allow"] == allowed)
    }

    @Test(
        "Names may hold the words of the API",
        arguments: ["manifests/tags", "blobs/uploads", "a/tags/list", "tags/list", "a/blobs/uploads/b", "referrers/manifests", "v2/v2"])
    func wordsInNames(_ name: String) async throws {
        let client = try await RegistryClient()
        _ = try await client.installation.registry.createRepository(try #require(RepositoryName(name)))
        let image = TestImage.image()
        #expect(try await client.push(image, to: name, tag: "list").status == 201)
        #expect(try await client.tags(of: name) == ["list"])
        #expect(try await client.send(.get, "/v2/\(name)/manifests/list").body == image.manifest.payload)
        #expect(try await client.send(.get, "/v2/\(name)/referrers/\(image.digest)").status == 200)
    }

    @Test("Whatever the path and the query, the answer is an answer and no failure of the server", arguments: 0..<UInt64(4))
    func mutations(seed: UInt64) async throws {
        let client = try await RegistryClient()
        var random = SeededRandom(seed: seed)
        let seeds = [
            "/v2/app/manifests/latest?tag=a", "/v2/team/other/blobs/uploads/\(AuthorizationTests.upload)?digest=\(Digest.of([]))",
            "/v2/app/tags/list?n=1&last=a",
            "/v2/app/referrers/\(Digest.of([]))?artifactType=a%2Bb&after=1.2", "/v2/app/blobs/\(Digest.of([]))",
            "/v2/app/blobs/uploads/?mount=\(Digest.of([]))&from=team%2Fother",
        ]
        let alphabet = Array("/.%?&=:+ 2eEfF0\u{0}aZ_-\\~é#")
        let methods: [HTTPRequest.Method] = [.get, .head, .put, .post, .patch, .delete]
        for _ in 0..<250 {
            var target = Array(seeds.randomElement(using: &random) ?? "")
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<target.count, using: &random)
                if Bool.random(using: &random) {
                    target[place] = alphabet.randomElement(using: &random) ?? "/"
                } else {
                    target.insert(alphabet.randomElement(using: &random) ?? "/", at: place)
                }
            }
            let answer = try await client.send(methods.randomElement(using: &random) ?? .get, String(target))
            #expect(answer.status < 500, "\(String(target))")
        }
    }
}
