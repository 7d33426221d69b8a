import IAM
import OCI
import RegistryCore
import TestSupport
import Testing

/// `ecr:ImageTag` and `ecr:ImageDigest`: policies on single images.
@Suite("Policies on tags and digests")
struct ImageConditionTests {
    private static let allowAll = PolicyText.statement("Allow")
    private static let release = #"{"StringLike":{"ecr:ImageTag":"release-*"}}"#

    private let image = TestImage.image(seed: 1)
    private var digest: Digest { Digest.of(image.manifest.payload) }

    /// A registry whose repository `app` holds an image under `tags`, and a client of a user with this policy.
    private func client(_ statements: [String], tags: [String] = []) async throws -> RegistryClient {
        let client = try await RegistryClient()
        try await client.push(image)
        for tag in tags { _ = try await client.put(image, as: tag) }
        let policy = #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
        return client.acting(as: try await client.installation.user(policy: policy))
    }

    @Test("Only CI may push release-*: one statement of the repository's policy")
    func onlyCIMayPushReleases() async throws {
        let client = try await client([Self.allowAll])
        let ci = try await client.installation.roleSession("ci", policy: PolicyText.of(Self.allowAll))
        let deny = #"""
            {"Effect":"Deny","Principal":"*","Action":["ecr:PutImage","ecr:BatchDeleteImage"],
             "Condition":{"StringLike":{"ecr:ImageTag":"release-*"},"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/ci"}}}
            """#
        try await client.installation.registry.setPolicy(PolicyText.of(deny), of: try #require(RepositoryName("app")))

        #expect(try await client.put(image, as: "dev-1").status == 201)
        #expect(try await client.put(image, as: "release-1").summary == "403 DENIED")
        #expect(try await client.put(image, as: "\(digest)?tag=release-1").summary == "403 DENIED")
        #expect(try await client.put(image, as: "dev-2?tag=dev-3&tag=release-1").summary == "403 DENIED")
        #expect(try await client.tags() == ["dev-1"])

        #expect(try await client.acting(as: ci).put(image, as: "release-1").status == 201)
        // By digest it would go under every name.
        #expect(try await client.send(.delete, "/v2/app/manifests/\(digest)").summary == "403 DENIED")
        #expect(try await client.send(.delete, "/v2/app/manifests/release-1").summary == "403 DENIED")
        #expect(try await client.send(.delete, "/v2/app/manifests/dev-1").status == 202)
        #expect(try await client.acting(as: ci).send(.delete, "/v2/app/manifests/\(digest)").status == 202)
    }

    @Test("Who may pull some tags may pull what they name by digest, too, and nothing else")
    func pullOfSomeTags() async throws {
        let allow = PolicyText.statement("Allow", "Action", #""ecr:BatchGetImage""#, when: Self.release)
        let tagged = try await client([allow], tags: ["dev-1", "release-1"])
        #expect(try await tagged.send(.get, "/v2/app/manifests/release-1").status == 200)
        #expect(try await tagged.send(.head, "/v2/app/manifests/\(digest)").status == 200)
        #expect(try await tagged.send(.get, "/v2/app/manifests/dev-1").status == 403)
        let untagged = try await client([allow], tags: ["dev-1"])
        #expect(try await untagged.send(.get, "/v2/app/manifests/\(digest)").status == 403)
        #expect(try await untagged.send(.get, "/v2/app/manifests/sha256:\(String(repeating: "0", count: 64))").status == 403)
    }

    @Test("A denied tag is denied by its digest, whatever other names the image has")
    func denyOfATag() async throws {
        let deny = PolicyText.statement("Deny", "Action", #""ecr:BatchGetImage""#, when: #"{"StringEquals":{"ecr:ImageTag":"quarantine"}}"#)
        let client = try await client([Self.allowAll, deny], tags: ["quarantine", "v1"])
        #expect(try await client.send(.get, "/v2/app/manifests/quarantine").status == 403)
        #expect(try await client.send(.get, "/v2/app/manifests/\(digest)").status == 403)
    }

    @Test("A denied digest is denied by its tags, on the way in and out")
    func denyOfADigest() async throws {
        let deny = PolicyText.statement("Deny", "Action", #""ecr:*""#, when: #"{"StringEquals":{"ecr:ImageDigest":"\#(digest)"}}"#)
        let client = try await client([Self.allowAll, deny], tags: ["v1"])
        #expect(try await client.send(.get, "/v2/app/manifests/v1").status == 403)
        #expect(try await client.send(.get, "/v2/app/manifests/\(digest)").status == 403)
        #expect(try await client.send(.delete, "/v2/app/manifests/v1").status == 403)
        #expect(try await client.put(image, as: "v2").status == 403)
        #expect(try await client.put(image, as: digest.description).status == 403)
        #expect(try await client.send(.get, "/v2/app/tags/list").status == 200)
    }
}
