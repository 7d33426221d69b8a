import IAM
import OCI
import Stores
import TestSupport
import Testing

@testable import RegistryCore

/// Creation templates: which one counts, and what it does to a repository.
@Suite struct TemplateTests {
    let installation: TestInstallation
    let registry: Registry

    init() throws {
        installation = try TestInstallation()
        registry = installation.registry
    }

    private func template(
        _ prefix: String, for scenarios: [CreationTemplate.Scenario] = [.createOnPush], _ change: (inout CreationTemplate) -> Void = { _ in }
    ) async throws {
        var template = CreationTemplate(prefix: try #require(TemplatePrefix(prefix)), appliedFor: scenarios)
        change(&template)
        _ = try await registry.createTemplate(template)
    }

    private func prefix(for name: String, _ scenario: CreationTemplate.Scenario = .createOnPush) async throws -> String? {
        let (name, id) = (try repository(name), registry.id)
        return try await installation.services.database.read { try $0.template(for: name, scenario, in: id)?.prefix.description }
    }

    @Test func theLongestPrefixCountsAndRootLast() async throws {
        for name in ["prod", "prod/team", "a/"] { try await template(name) }
        #expect(try await prefix(for: "prod/team/app") == "prod/team")
        #expect(try await prefix(for: "prod/other") == "prod")
        #expect(try await prefix(for: "prod/teams") == "prod")
        #expect(try await prefix(for: "a/b") == "a/")
        for name in ["prod", "production/app", "other", "a", "ab/c"] where name.utf8.count > 1 {
            #expect(try await prefix(for: name) == nil, "\(name)")
        }
        try await template("ROOT")
        #expect(try await prefix(for: "other") == "ROOT")
        #expect(try await prefix(for: "prod/team/app") == "prod/team")
    }

    @Test func aTemplateForSomethingElseDoesNotCount() async throws {
        try await template("prod", for: [.createOnPush])
        try await template("prod/team", for: [.replication, .pullThroughCache])
        #expect(try await prefix(for: "prod/team/app") == "prod")
        #expect(try await prefix(for: "prod/team/app", .replication) == "prod/team")
        #expect(try await prefix(for: "prod/app", .replication) == nil)
    }

    @Test(
        "Prefixes are the model's",
        arguments: [
            ("ROOT", true), ("a", true), ("a/", true), ("a/b", true), ("a-b/c_d/", true), ("", false), ("/", false), ("/a", false), ("a//b", false),
            ("A", false), ("root", true), ("a-", false), ("ROOT/", false), ("-", false), ("a b", false),
        ]) func prefixes(text: String, isOne: Bool)
    {
        #expect((TemplatePrefix(text) != nil) == isOne)
    }

    @Test func lengthsOfPrefixes() {
        #expect(TemplatePrefix(String(repeating: "a", count: 256)) != nil)
        #expect(TemplatePrefix(String(repeating: "a", count: 257)) == nil)
    }

    @Test func everySettingIsAppliedAtOnce() async throws {
        let policy = PolicyText.of(PolicyText.grant(to: #""*""#, #""ecr:BatchGetImage""#))
        let lifecycle = #"""
            {"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":9},"action":{"type":"expire"}}]}
            """#
        try await template("prod") {
            $0.mutability = TagMutability(mode: .immutableWithExclusion, exclusions: ["latest*", "dev-*"])
            $0.resourceTags = [ResourceTag(key: "team", value: "blue, green"), ResourceTag(key: "empty", value: "")]
            $0.repositoryPolicy = policy
            $0.lifecyclePolicy = lifecycle
            $0.customRole = "arn:aws:iam::123456789012:role/maker"
        }
        let name = try repository("prod/app")
        let context = installation.context()
        let upload = try await registry.creatingRepository(name, for: context, by: installation.authorizer) {
            try await registry.startUpload(in: name)
        }
        #expect(upload.offset == 0)
        let made = try await registry.repository(name)
        #expect(made.mutability == TagMutability(mode: .immutableWithExclusion, exclusions: ["latest*", "dev-*"]))
        #expect(
            try await registry.resourceTags(of: name) == [ResourceTag(key: "empty", value: ""), ResourceTag(key: "team", value: "blue, green")])
        #expect(try await registry.policy(of: name) == policy)
        #expect(try await registry.lifecyclePolicy(of: name).text == lifecycle)
    }

    @Test func withoutATemplateNothingIsMade() async throws {
        try await template("prod")
        let name = try repository("other/app")
        let absence = RegistryError.repositoryNotFound(name, registry: registry.id)
        await #expect(throws: absence) {
            try await registry.creatingRepository(name, for: installation.context(), by: installation.authorizer) {
                try await registry.startUpload(in: name)
            }
        }
        await #expect(throws: absence) { try await registry.repository(name) }
    }

    @Test func whoMayNotCreateGetsNoRepository() async throws {
        try await template("prod")
        try await template("tagged") {
            $0.resourceTags = [ResourceTag(key: "team", value: "blue")]
            $0.customRole = "arn:aws:iam::123456789012:role/maker"
        }
        let push = #"["ecr:InitiateLayerUpload","ecr:PutImage"]"#
        func start(_ name: String, _ policy: String) async throws {
            let user = try await installation.user(policy: PolicyText.of(policy))
            defer { _ = user }
            let name = try repository(name)
            _ = try await registry.creatingRepository(name, for: installation.context(user), by: installation.authorizer) {
                try await registry.startUpload(in: name)
            }
        }
        let denied = await #expect(throws: AccessDenied.self) { try await start("prod/app", PolicyText.statement("Allow", "Action", push)) }
        #expect(denied?.permission.action == "ecr:CreateRepository")
        await #expect(throws: RegistryError.self) { try await registry.repository(try repository("prod/app")) }
    }

    @Test func aRaceOfTwoPushesMakesOneRepository() async throws {
        try await template("prod")
        let name = try repository("prod/app")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    _ = try await registry.creatingRepository(name, for: installation.context(), by: installation.authorizer) {
                        try await registry.startUpload(in: name)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await registry.repositories(after: nil, limit: 10).elements.map(\.name) == [name])
    }
}
