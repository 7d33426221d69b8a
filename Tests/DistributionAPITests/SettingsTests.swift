import IAM
import OCI
import RegistryCore
import TestSupport
import Testing

@testable import DistributionAPI

/// What the settings of a registry do on the docker path.
@Suite("Settings on the docker path")
struct SettingsTests {
    private func template(_ prefix: String, _ client: RegistryClient, _ change: (inout CreationTemplate) -> Void = { _ in }) async throws {
        var template = CreationTemplate(prefix: try #require(TemplatePrefix(prefix)), appliedFor: [.createOnPush])
        change(&template)
        _ = try await client.installation.registry.createTemplate(template)
    }

    @Test(
        "A push to an absent repository makes it by its template, at whatever step it begins", arguments: ["upload", "at once", "mount", "manifest"])
    func createOnPush(_ step: String) async throws {
        let client = try await RegistryClient()
        try await template("prod", client) { $0.mutability = TagMutability(mode: .immutable) }
        let image = TestImage.index(of: [])
        let layer = TestImage.image(seed: 1).blobs[0]
        try await client.push(layer.bytes)
        let digest = layer.descriptor.digest
        let answer =
            switch step {
            case "upload": try await client.send(.post, "/v2/prod/app/blobs/uploads/")
            case "at once": try await client.send(.post, "/v2/prod/app/blobs/uploads/?digest=\(digest)", parts: [layer.bytes])
            case "mount": try await client.send(.post, "/v2/prod/app/blobs/uploads/?mount=\(digest)&from=app")
            default: try await client.put(image, to: "prod/app", as: "v1")
            }
        #expect(answer.status == (step == "upload" ? 202 : 201))
        let made = try await client.installation.registry.repository(try #require(RepositoryName("prod/app")))
        #expect(made.mutability.mode == .immutable)
        // A pull makes nothing.
        #expect(try await client.send(.get, "/v2/prod/other/manifests/v1").summary == "404 NAME_UNKNOWN")
        #expect(try await client.send(.head, "/v2/prod/other/blobs/\(digest)").status == 404)
        #expect(try await client.send(.get, "/v2/prod/other/tags/list").summary == "404 NAME_UNKNOWN")
    }

    @Test("Who may push but not create is told so, and without a template nothing is made")
    func createOnPushNeedsTheRight() async throws {
        var client = try await RegistryClient()
        try await template("prod", client)
        client.caller = try await client.installation.user(
            policy: PolicyText.of(PolicyText.statement("Allow", "Action", #"["ecr:InitiateLayerUpload","ecr:PutImage"]"#)))
        let denied = try await client.send(.post, "/v2/prod/app/blobs/uploads/")
        #expect(denied.summary == "403 DENIED")
        #expect(denied.failure?.message.contains("is not authorized to perform: ecr:CreateRepository on resource: arn:aws:ecr:us-east-1:") == true)
        #expect(try await client.send(.post, "/v2/elsewhere/app/blobs/uploads/").summary == "404 NAME_UNKNOWN")
        let bystander = try await client.installation.user("bystander")
        #expect(try await client.acting(as: bystander).send(.post, "/v2/prod/app/blobs/uploads/").summary == "403 DENIED")
        #expect(try await client.anonymous.send(.post, "/v2/prod/app/blobs/uploads/").status == 401)
    }

    @Test("A template's tags need the right to tag")
    func createOnPushWithTags() async throws {
        var client = try await RegistryClient()
        try await template("prod", client) {
            $0.resourceTags = [ResourceTag(key: "team", value: "blue")]
            $0.customRole = "arn:aws:iam::123456789012:role/maker"
        }
        let actions = #"["ecr:InitiateLayerUpload","ecr:CreateRepository"]"#
        let user = try await client.installation.user(policy: PolicyText.of(PolicyText.statement("Allow", "Action", actions)))
        client.caller = user
        let denied = try await client.send(.post, "/v2/prod/app/blobs/uploads/")
        #expect(denied.failure?.message.contains("ecr:TagResource") == true)
        let condition = #"{"StringEquals":{"aws:RequestTag/team":"blue"}}"#
        try await client.installation.setPolicy(
            PolicyText.of(
                PolicyText.statement("Allow", "Action", #""ecr:InitiateLayerUpload""#),
                PolicyText.statement("Allow", "Action", #"["ecr:CreateRepository","ecr:TagResource"]"#, when: condition)), of: user)
        #expect(try await client.send(.post, "/v2/prod/app/blobs/uploads/").status == 202)
        let tags = try await client.installation.registry.resourceTags(of: try #require(RepositoryName("prod/app")))
        #expect(tags == [ResourceTag(key: "team", value: "blue")])
    }

    @Test("A manifest's GET is a pull, its HEAD is none, and excluded principals' are not recorded")
    func pullTimes() async throws {
        let client = try await RegistryClient()
        let image = TestImage.image(seed: 1)
        try await client.push(image, tag: "v1")
        let installation = client.installation
        func lastPull() async throws -> Bool {
            try await installation.services.pullTimes.write()
            let name = try #require(RepositoryName("app"))
            return try await installation.registry.describeImages([ImageIdentifier(digest: image.digest)], in: name)[0].lastPulledAt != nil
        }
        #expect(try await client.send(.head, "/v2/app/manifests/v1").status == 200)
        #expect(try await lastPull() == false)
        let user = try await installation.user("scanner", policy: PolicyText.of(PolicyText.statement("Allow")))
        _ = try await installation.registry.addPullTimeExclusion(user.arn)
        #expect(try await client.acting(as: user).send(.get, "/v2/app/manifests/v1").status == 200)
        #expect(try await lastPull() == false)
        #expect(try await client.send(.get, "/v2/app/manifests/\(image.digest)").status == 200)
        #expect(try await lastPull())
    }

    @Test("Every pull counts, also one whose answer was remembered")
    func pullTimesOfRememberedAnswers() async throws {
        let client = try await RegistryClient()
        let image = TestImage.image(seed: 1)
        try await client.push(image, tag: "v1")
        let installation = client.installation
        for _ in 0..<3 {
            installation.clock.advance(by: .seconds(1))
            for _ in 0..<3 { #expect(try await client.send(.get, "/v2/app/manifests/v1").status == 200) }
        }
        try await installation.services.pullTimes.write()
        let name = try #require(RepositoryName("app"))
        let described = try await installation.registry.describeImages([ImageIdentifier(digest: image.digest)], in: name)
        #expect(described[0].lastPulledAt == installation.clock.now)
    }

    @Test("More than a rate permits is 429 with ECR's words, and other principals go on")
    func rates() async throws {
        var rates = Rates.ecr
        rates["ecr:PutImage"] = Rate(perSecond: 2)
        rates["ecr:BatchGetImage"] = Rate(perSecond: 3)
        let client = try await RegistryClient(rates: rates)
        let image = TestImage.index(of: [])
        var answers: [String] = []
        for _ in 0..<3 { answers.append(try await client.put(image, as: "v1").summary) }
        #expect(answers == ["201", "201", "429 TOOMANYREQUESTS"])
        let refused = try await client.put(image, as: "v1")
        #expect(refused.failure?.message == "Rate exceeded" && refused["Retry-After"] == "1")
        let other = try await client.installation.user(policy: PolicyText.of(PolicyText.statement("Allow")))
        #expect(try await client.acting(as: other).put(image, as: "v1").summary == "201")
        for status in [200, 200, 200, 429] { #expect(try await client.send(.get, "/v2/app/manifests/v1").status == status) }
        client.installation.clock.advance(by: .seconds(1))
        #expect(try await client.put(image, as: "v1").summary == "201")
    }

    @Test("What would be more than a repository may hold is refused in words")
    func usage() async throws {
        var limits = Limits()
        limits.bytesPerRepository = 1
        let client = try await RegistryClient(limits: limits)
        let refused = try await client.push(.image(seed: 1), tag: "v1")
        #expect(refused.summary == "403 DENIED")
        #expect(refused.failure?.message == "The repository would hold more than 1 bytes, which is the most that a repository can hold.")
        #expect(try await client.tags().isEmpty)
    }

    @Test(
        "Each of the four modes holds for pushes by tag, by tag parameters, and after a deletion",
        arguments: [
            (TagMutability.mutable, true, true), (TagMutability(mode: .immutable), false, false),
            (TagMutability(mode: .mutableWithExclusion, exclusions: ["rel-*"]), true, false),
            (TagMutability(mode: .immutableWithExclusion, exclusions: ["dev*"]), true, false),
        ])
    func mutability(_ mutability: TagMutability, devMoves: Bool, releaseMoves: Bool) async throws {
        let client = try await RegistryClient()
        let registry = client.installation.registry
        _ = try await registry.putTagMutability(mutability, of: try #require(RepositoryName("app")))
        let (one, two) = (TestImage.image(seed: 1), TestImage.image(seed: 2))
        for (tag, moves) in [("dev-1", devMoves), ("rel-1", releaseMoves)] {
            #expect(try await client.push(one, tag: tag).summary == "201")
            #expect(try await client.put(one, to: "app", as: tag).summary == "201", "the same digest again always succeeds")
            let moved = try await client.push(two, tag: tag)
            #expect(moved.summary == (moves ? "201" : "400 TAG_INVALID"), "\(tag)")
            let byParameter = try await client.send(
                .put, "/v2/app/manifests/\(two.digest)?tag=\(tag)", ["Content-Type": two.manifest.mediaType.description],
                parts: [two.manifest.payload])
            #expect(byParameter.summary == (moves ? "201" : "400 TAG_INVALID"), "\(tag) as a parameter")
            // ECR lets who may delete delete an immutable tag; then it is free.
            #expect(try await client.send(.delete, "/v2/app/manifests/\(tag)").status == 202)
            #expect(try await client.push(two, tag: tag).summary == "201")
            #expect(try await client.send(.delete, "/v2/app/manifests/\(two.digest)").status == 202)
        }
    }
}
