import Foundation
import HTTPTypes
import IAM
import OCI
import RegistryCore
import TestSupport
import Testing

/// Answers that are given again: only where making them anew would give the same.
@Suite("Pulls that are remembered")
struct RememberedPullTests {
    private static let manifest = "/v2/app/manifests/v1"

    /// A registry with an image as `v1`, a client that counts the decisions made for a user with `policy`, and the image's config.
    private func pulls(_ policy: String) async throws -> (root: RegistryClient, user: RegistryClient, decisions: Decisions, config: String) {
        let root = try await RegistryClient()
        let image = TestImage.image(seed: 1)
        try await root.push(image, tag: "v1")
        let decisions = Decisions()
        let user = root.acting(as: try await root.installation.user(policy: policy)).changing(decisions) { _ in }
        return (root, user, decisions, "/v2/app/blobs/\(try #require(image.blobs.first).descriptor.digest)")
    }

    private func pulls() async throws -> (root: RegistryClient, user: RegistryClient, decisions: Decisions, config: String) {
        try await pulls(PolicyText.of(PolicyText.statement("Allow")))
    }

    @Test("The second of two equal pulls is answered with the same bytes, without a decision")
    func sameAnswer() async throws {
        let (_, user, decisions, config) = try await pulls()
        for (method, target) in [(HTTPRequest.Method.get, Self.manifest), (.head, Self.manifest), (.get, config)] {
            // The store keeps a small blob in memory from its first read on.
            _ = try await user.send(method, target)
            let first = try await user.send(method, target)
            let count = decisions.count
            let second = try await user.send(method, target)
            #expect(first.status == 200)
            #expect(first.headers == second.headers && first.body == second.body && first.action == second.action)
            #expect(decisions.count == count)
        }
    }

    @Test("A part, a condition, another caller and another method are answered for themselves")
    func otherRequests() async throws {
        let (root, user, _, config) = try await pulls()
        let whole = try await user.send(.get, config)
        #expect(try await user.send(.get, config, ["Range": "bytes=0-0"]).body == Array(whole.body.prefix(1)))
        let tag = try #require(whole["ETag"])
        #expect(try await user.send(.get, config, ["If-None-Match": tag]).status == 304)
        #expect(try await user.send(.head, config).body.isEmpty)
        let other = root.acting(
            as: try await root.installation.user("other", policy: PolicyText.of(PolicyText.statement("Allow", "Action", #""ecr:ListImages""#))))
        #expect(try await other.send(.get, config).status == 403)
        #expect(try await root.anonymous.send(.get, config).status == 401)
    }

    @Test("What the collector lets go of is not answered from memory, though its commits are not counted")
    func collected() async throws {
        let (root, user, decisions, _) = try await pulls()
        let (first, second) = ("/v2/app/blobs/\(try await root.push([1, 2, 3]))", "/v2/app/blobs/\(try await root.push([4, 5, 6]))")
        // The store keeps a small blob in memory from its first read on.
        for target in [first, second, first, second] { #expect(try await user.send(.get, target).status == 200) }
        let (installation, version) = (root.installation, root.installation.sqlite.version)
        let count = decisions.count
        #expect(try await user.send(.get, second).status == 200)
        #expect(decisions.count == count, "it was remembered")
        installation.clock.advance(by: installation.services.limits.blobLease + .seconds(1))
        _ = try await installation.services.reclaimBlobs(limit: 100)
        #expect(installation.sqlite.version == version)
        for target in [first, second] { #expect(try await user.send(.get, target).status == 404) }
    }

    @Test("What was committed since counts: a moved tag, a deleted image, a denial")
    func changes() async throws {
        let (root, user, _, config) = try await pulls()
        let second = TestImage.image(seed: 2)
        for _ in 0..<2 { #expect(try await user.send(.get, Self.manifest).status == 200) }
        try await root.push(second, tag: "v1")
        #expect(try await user.send(.get, Self.manifest)["Docker-Content-Digest"] == Digest.of(second.manifest.payload).description)
        for _ in 0..<2 { #expect(try await user.send(.get, config).status == 200) }
        try await root.installation.setPolicy(PolicyText.of(PolicyText.statement("Deny")), of: try #require(user.caller))
        #expect(try await user.send(.get, config).status == 403)
        #expect(try await user.send(.get, Self.manifest).status == 403)
        try await root.installation.setPolicy(PolicyText.of(PolicyText.statement("Allow")), of: try #require(user.caller))
        #expect(try await user.send(.get, Self.manifest).status == 200)
        #expect(try await root.send(.delete, "/v2/app/manifests/\(Digest.of(second.manifest.payload))").status == 202)
        #expect(try await user.send(.get, Self.manifest).status == 404)
    }

    @Test("What a policy asks of the request is asked of each", arguments: ["StringEquals", "StringNotEquals"])
    func conditions(comparison: String) async throws {
        let condition = #"{"\#(comparison)":{"aws:UserAgent":"no such agent"}}"#
        let (root, user, decisions, config) = try await pulls(
            PolicyText.of([PolicyText.statement("Allow"), PolicyText.statement("Deny", when: condition)].joined(separator: ",")))
        _ = root
        let expected = comparison == "StringEquals" ? 200 : 403
        for _ in 0..<2 {
            let count = decisions.count
            #expect(try await user.send(.get, config).status == expected)
            #expect(decisions.count > count)
        }
    }

    @Test("An address that was allowed opens nothing for another")
    func addresses() async throws {
        let condition = #"{"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}}"#
        let (_, user, _, config) = try await pulls(PolicyText.of(PolicyText.statement("Allow", when: condition)))
        var inside = user
        inside.sourceIP = "198.51.100.7"
        for target in [config, Self.manifest] {
            for _ in 0..<2 { #expect(try await inside.send(.get, target).status == 200) }
            #expect(try await user.send(.get, target).status == 403)
        }
    }
}
