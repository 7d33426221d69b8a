import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

/// What refers to an image goes after it.
@Suite struct OrphanTests {
    let installation: TestInstallation
    let registry: Registry
    let app: RepositoryName

    init() async throws {
        installation = try TestInstallation(events: [.file])
        registry = installation.registry
        app = try repository("app")
        _ = try await registry.createRepository(app)
    }

    private func left() async throws -> Set<Digest> {
        Set(try await registry.describeImages(in: app, .any, after: nil, limit: 1000).elements.map(\.digest))
    }

    private func remove(limit: Int = 100) async throws {
        while try await installation.services.removeOrphanedReferrers(limit: limit) > 0 {}
    }

    @Test(arguments: [1, 2, 100]) func referrersOfADeletedImageGoAndWhatRefersToThem(limit: Int) async throws {
        let (image, other) = (TestImage.image(seed: 1), TestImage.image(seed: 2))
        let signatures = (1...3).map { TestImage.artifact("application/vnd.example.signature", of: image, seed: UInt64($0)) }
        let attestation = TestImage.artifact("application/vnd.example.attestation", of: signatures[0])
        let foreign = TestImage.artifact("application/vnd.example.signature", of: other)
        for pushed in [image, other] + signatures + [attestation, foreign] { try await registry.push(pushed, to: app) }
        try await registry.push(signatures[1], to: app, tags: [try tag("signature")])
        _ = try await registry.deleteImages([ImageIdentifier(digest: image.digest)], in: app)
        #expect(try await left().count == 6, "not in the request of whoever deletes")
        try await remove(limit: limit)
        #expect(try await left() == [other.digest, foreign.digest])
        let deletions = try await installation.services.pendingEvents(for: .file, limit: 100).filter { $0.body.contains(#""action-type":"DELETE""#) }
        #expect(deletions.count == 5)
        #expect(try await installation.services.check().isClean)
    }

    @Test func theyStayWhenTheirSubjectComesBackInTimeAndWithoutOne() async throws {
        let image = TestImage.image(seed: 1)
        let signature = TestImage.artifact("application/vnd.example.signature", of: image)
        let early = TestImage.artifact("application/vnd.example.signature", of: TestImage.image(seed: 9))
        for pushed in [image, signature, early] { try await registry.push(pushed, to: app) }
        try await registry.deleteManifest(.digest(image.digest), in: app)
        try await registry.push(image, to: app)
        try await remove()
        #expect(try await left() == [image.digest, signature.digest, early.digest])
        try await registry.deleteManifest(.digest(image.digest), in: app)
        try await remove()
        #expect(try await left() == [early.digest], "its subject was never here")
    }

    @Test func aMemberOfAnIndexStaysWithIt() async throws {
        let image = TestImage.image(seed: 1)
        let note = TestImage.artifact("application/vnd.example.note", of: image)
        let index = TestImage.index(of: [note])
        for pushed in [image, note, index] { try await registry.push(pushed, to: app) }
        _ = try await registry.deleteImages([ImageIdentifier(digest: image.digest)], in: app)
        try await remove()
        #expect(try await left() == [note.digest, index.digest])
    }

    @Test func aDeletedRepositoryForgetsThem() async throws {
        let image = TestImage.image(seed: 1)
        for pushed in [image, TestImage.artifact("application/vnd.example.note", of: image)] { try await registry.push(pushed, to: app) }
        _ = try await registry.deleteImages([ImageIdentifier(digest: image.digest)], in: app)
        _ = try await registry.deleteRepository(app, force: true)
        while try await installation.services.purgeDeletedRepositories(limit: 10) > 0 {}
        try await remove()
        #expect(try await installation.services.check().isClean)
    }
}
