import Lifecycle
import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

/// Policies that are carried out.
@Suite struct LifecycleTests {
    @Test func expiresWhatThePolicyTakesAndTellsWhen() async throws {
        let (installation, name) = try await installation()
        let registry = installation.registry
        for number in 1...4 { try await push(TestImage.image(seed: UInt64(number)), ["v\(number)"], installation) }
        try await registry.putLifecyclePolicy(LifecycleText.newest(2), of: name)
        let stored = try await registry.lifecyclePolicy(of: name)
        #expect(stored.text == LifecycleText.newest(2) && stored.evaluatedAt == Timestamp(milliseconds: 0))
        try await sweep(installation)
        #expect(try await tags(installation) == ["v3", "v4"])
        #expect(try await registry.lifecyclePolicy(of: name).evaluatedAt == installation.clock.now)
        #expect(try await registry.deleteLifecyclePolicy(of: name).text == LifecycleText.newest(2))
        await #expect(throws: RegistryError.lifecyclePolicyNotFound(name, registry: registry.id)) {
            try await registry.deleteLifecyclePolicy(of: name)
        }
        #expect(try await installation.services.check().isClean)
    }

    @Test func isDueAfterAPushSoonAndDailyWithoutOne() async throws {
        let (installation, name) = try await installation()
        try await installation.registry.putLifecyclePolicy(LifecycleText.newest(1), of: name)
        try await sweep(installation)
        try await push(TestImage.image(seed: 1), ["a"], installation)
        try await push(TestImage.image(seed: 2), ["b"], installation)
        try await sweep(installation)
        #expect(try await tags(installation) == ["a", "b"])
        installation.clock.advance(by: .seconds(601))
        try await sweep(installation)
        #expect(try await tags(installation) == ["b"])

        try await installation.registry.putLifecyclePolicy(LifecycleText.older(10), of: name)
        try await sweep(installation)
        installation.clock.advance(by: .seconds(11 * 24 * 3600))
        try await sweep(installation)
        #expect(try await tags(installation) == [])
    }

    @Test func leavesAnImageThatIsTaggedMeanwhile() async throws {
        let (installation, name) = try await installation()
        let images = (1...3).map { TestImage.image(seed: UInt64($0)) }
        for image in images { try await push(image, [], installation) }
        try await installation.registry.putLifecyclePolicy(LifecycleText.newest(1), of: name)
        installation.clock.advance(by: .seconds(1))
        try await installation.registry.startLifecycle(of: name)
        // The first steps clear and mark; then comes the carrying out.
        for _ in 0..<2 { _ = try await installation.registry.advanceLifecycle(of: name, preview: false, pages: 1) }
        try await push(images[0], ["wanted"], installation)
        while try await installation.registry.advanceLifecycle(of: name, preview: false, pages: 1)?.isComplete == false {}
        #expect(Set(try await digests(installation)) == [images[0].digest, images[2].digest])
    }

    @Test func stopsWhenThePolicyIsChanged() async throws {
        let (installation, name) = try await installation()
        for number in 1...3 { try await push(TestImage.image(seed: UInt64(number)), ["v\(number)"], installation) }
        try await installation.registry.putLifecyclePolicy(LifecycleText.newest(1), of: name)
        try await installation.registry.startLifecycle(of: name)
        for _ in 0..<2 { _ = try await installation.registry.advanceLifecycle(of: name, preview: false, pages: 1) }
        try await installation.registry.putLifecyclePolicy(LifecycleText.newest(3), of: name)
        try await sweep(installation)
        #expect(try await tags(installation).count == 3)
        #expect(try await installation.registry.lifecyclePolicy(of: name).evaluatedAt == installation.clock.now)
    }

    @Test func deletesThePolicyWithItsRepository() async throws {
        let (installation, name) = try await installation()
        try await push(TestImage.image(), ["a"], installation)
        try await installation.registry.putLifecyclePolicy(LifecycleText.newest(1), of: name)
        _ = try await installation.registry.startLifecyclePreview(of: nil, in: name)
        try await sweep(installation)
        _ = try await installation.registry.deleteRepository(name, force: true)
        while try await installation.services.purgeDeletedRepositories(limit: 10) > 0 {}
        for table: SQL in ["lifecycle_policies", "lifecycle_sweeps", "lifecycle_marks", "repos"] {
            #expect(try await installation.services.database.read { try $0.first("SELECT COUNT(*) FROM \(sql: table)") { $0.integer(0) } } == 0)
        }
        _ = try await installation.registry.createRepository(name)
        await #expect(throws: RegistryError.lifecyclePolicyNotFound(name, registry: installation.registry.id)) {
            try await installation.registry.lifecyclePolicy(of: name)
        }
    }

    @Test func previewsWithoutDoingAnything() async throws {
        let (installation, name) = try await installation()
        let registry = installation.registry
        let images = (1...3).map { TestImage.image(seed: UInt64($0)) }
        let signature = TestImage.artifact("application/vnd.example.signature", of: images[0])
        for (number, image) in images.enumerated() { try await push(image, ["v\(number)"], installation) }
        try await push(signature, [], installation)
        await #expect(throws: RegistryError.lifecyclePreviewNotFound(name, registry: registry.id)) {
            try await registry.lifecyclePreview(in: name, .any, after: 0, limit: 10)
        }
        await #expect(throws: RegistryError.lifecyclePolicyNotFound(name, registry: registry.id)) {
            try await registry.startLifecyclePreview(of: nil, in: name)
        }
        _ = try await registry.startLifecyclePreview(of: LifecycleText.newest(2, tagged: "v"), in: name)
        await #expect(throws: RegistryError.lifecyclePreviewInProgress(name, registry: registry.id)) {
            try await registry.startLifecyclePreview(of: LifecycleText.newest(2, tagged: "v"), in: name)
        }
        #expect(try await registry.lifecyclePreview(in: name, .any, after: 0, limit: 10).status == .inProgress)
        try await sweep(installation)

        // The oldest, and what refers to it.
        let preview = try await registry.lifecyclePreview(in: name, .any, after: 0, limit: 10)
        #expect(preview.status == .complete && preview.expiring == 2 && preview.archiving == 0)
        #expect(preview.results.elements.map(\.image.digest) == [images[0].digest, signature.digest])
        #expect(preview.results.elements.map(\.rule) == [1, 1])
        let first = try await registry.lifecyclePreview(in: name, .any, after: 0, limit: 1).results
        let second = try await registry.lifecyclePreview(in: name, .any, after: try #require(first.next), limit: 1).results
        #expect((first.elements + second.elements).map(\.image.digest) == [images[0].digest, signature.digest] && second.next == nil)
        #expect(
            try await registry.lifecyclePreview(in: name, .untagged, after: 0, limit: 10).results.elements.map(\.image.digest) == [signature.digest])
        let asked = [ImageIdentifier(digest: images[2].digest), ImageIdentifier(tag: try tag("v0"))]
        #expect(try await registry.lifecyclePreview(in: name, of: asked).results.elements.map(\.image.digest) == [images[0].digest])
        #expect(try await digests(installation).count == 4)

        let explained = try await registry.explainLifecycle(in: name, after: nil, limit: 10).elements
        #expect(explained.map(\.image.digest) == [signature.digest, images[2].digest, images[1].digest, images[0].digest])
        #expect(explained.map(\.action) == [.expire, nil, nil, .expire])
        #expect(explained.map { $0.verdict?.cause } == [nil, .position(1, limit: 2), .position(2, limit: 2), .position(3, limit: 2)])
        let page = try await registry.explainLifecycle(in: name, after: nil, limit: 3)
        #expect(
            try await registry.explainLifecycle(in: name, after: page.next, limit: 3).elements.map { $0.verdict?.cause } == [.position(3, limit: 2)])

        // The layers of the image and the signature; their configs, and what other images share, stay.
        let freed = (images[0].blobs + signature.blobs).filter { blob in
            !images[1...].contains { $0.blobs.contains { $0.descriptor.digest == blob.descriptor.digest } }
        }
        #expect(try await registry.bytesFreedByLifecycle(in: name) == freed.reduce(0) { $0 + $1.descriptor.size })

        installation.clock.advance(by: .seconds(24 * 3600))
        let old = try await registry.lifecyclePreview(in: name, .any, after: 0, limit: 10)
        #expect(old.status == .expired && old.results.elements.isEmpty)
    }

    @Test func saysWhatKeepsAnImage() async throws {
        let (installation, name) = try await installation()
        let member = TestImage.image(seed: 1)
        let index = TestImage.index(of: [member])
        let signature = TestImage.artifact("application/vnd.example.signature", of: index)
        for (image, tags) in [(member, []), (index, ["latest"]), (signature, [])] { try await push(image, tags, installation) }
        let policy =
            #"{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":1},"action":{"type":"expire"}}]}"#
        installation.clock.advance(by: .seconds(10 * 24 * 3600))
        _ = try await installation.registry.startLifecyclePreview(of: policy, in: name)
        try await sweep(installation)
        let explained = try await installation.registry.explainLifecycle(in: name, after: nil, limit: 10).elements
        #expect(explained.map(\.hold) == [.subject(index.digest), nil, .index(index.digest)])
        #expect(explained.allSatisfy { $0.action == nil })
    }

    private func installation() async throws -> (TestInstallation, RepositoryName) {
        let installation = try TestInstallation()
        let name = try repository("app")
        _ = try await installation.registry.createRepository(name)
        return (installation, name)
    }

    /// Pushes a second later than the last.
    private func push(_ image: TestImage, _ tags: [String], _ installation: TestInstallation) async throws {
        installation.clock.advance(by: .seconds(1))
        try await installation.registry.push(image, to: repository("app"), tags: tags.map { try tag($0) })
    }

    private func sweep(_ installation: TestInstallation) async throws {
        while try await installation.services.sweepLifecycles(pages: 100) > 0 {}
    }

    private func tags(_ installation: TestInstallation) async throws -> [String] {
        try await installation.registry.listTags(in: repository("app"), after: nil, limit: 100).elements.map(\.description)
    }

    private func digests(_ installation: TestInstallation) async throws -> [Digest] {
        try await installation.registry.describeImages(in: repository("app"), .any, after: nil, limit: 100).elements.map(\.digest)
    }
}

/// Policies for tests.
enum LifecycleText {
    /// Keeps so many of the newest, of all or of those whose tags begin so.
    static func newest(_ count: Int, tagged prefix: String? = nil) -> String {
        let tags = prefix.map { #""tagStatus":"tagged","tagPrefixList":["\#($0)"]"# } ?? #""tagStatus":"any""#
        return
            #"{"rules":[{"rulePriority":1,"selection":{\#(tags),"countType":"imageCountMoreThan","countNumber":\#(count)},"action":{"type":"expire"}}]}"#
    }

    /// Lets expire what was pushed more than so many days ago.
    static func older(_ days: Int) -> String {
        #"{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"sinceImagePushed","countUnit":"days","countNumber":\#(days)},"action":{"type":"expire"}}]}"#
    }
}
