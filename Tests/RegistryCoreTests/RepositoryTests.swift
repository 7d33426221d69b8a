import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

@Suite struct RepositoryTests {
    let installation: TestInstallation
    let registry: Registry

    init() async throws {
        installation = try TestInstallation()
        registry = installation.registry
    }

    @Test func namesAreUniqueInARegistry() async throws {
        let name = try repository("a/b")
        let made = try await registry.createRepository(name, tags: [ResourceTag(key: "team", value: "x")])
        #expect(try await registry.repository(name) == made)
        await #expect(throws: RegistryError.repositoryExists(name, registry: registry.id)) { try await registry.createRepository(name) }
        let elsewhere = registry.registry(RegistryID(account: registry.id.account, region: try #require(.init("eu-west-1"))))
        _ = try await elsewhere.createRepository(name)
    }

    @Test func listsAreByNameAndPage() async throws {
        let names = try ["b", "a/z", "a-b", "c0", "a/a"].map { try repository($0 + "x") }
        for name in names { _ = try await registry.createRepository(name) }
        var (seen, cursor): ([RepositoryName], RepositoryName?) = ([], nil)
        repeat {
            let page = try await registry.repositories(after: cursor, limit: 2)
            seen += page.elements.map(\.name)
            cursor = page.next
        } while cursor != nil
        #expect(seen == names.sorted())
        #expect(try await registry.repositories([names[2], names[0]]).map(\.name) == [names[2], names[0]])
        let absent = try repository("absent")
        await #expect(throws: RegistryError.repositoryNotFound(absent, registry: registry.id)) {
            try await registry.repositories([names[0], absent])
        }
    }

    @Test func deletingNeedsForceWhileThereAreImages() async throws {
        let name = try repository("app")
        _ = try await registry.createRepository(name)
        _ = try await registry.pushImage(layers: [[1]], tags: [tag("latest")], to: name)
        await #expect(throws: RegistryError.repositoryNotEmpty(name, registry: registry.id)) {
            try await registry.deleteRepository(name, force: false)
        }
        _ = try await registry.deleteRepository(name, force: true)
        await #expect(throws: RegistryError.repositoryNotFound(name, registry: registry.id)) { try await registry.repository(name) }

        // A new repository of the name starts empty, and the old one's rows and objects go.
        _ = try await registry.createRepository(name)
        await #expect(throws: RegistryError.layerNotFound(Digest.of([1]), name, registry: registry.id)) {
            try await registry.openLayer(Digest.of([1]), in: name)
        }
        while try await installation.services.purgeDeletedRepositories(limit: 1) > 0 {}
        while try await installation.services.reclaimBlobs(limit: 10) > 0 {}
        while try await installation.services.reapObjects(limit: 10) > 0 {}
        let report = try await installation.services.check(CheckOptions(reading: .all))
        #expect(report.isClean && report.orphans.isEmpty)
        #expect((report.repositories, report.manifests, report.blobs) == (1, 0, 0))
    }

    @Test func resourceTagsMergeAndAreLimited() async throws {
        let name = try repository("app")
        _ = try await registry.createRepository(name, tags: [ResourceTag(key: "a", value: "1")])
        try await registry.addResourceTags([ResourceTag(key: "a", value: "2"), ResourceTag(key: "b", value: "3")], to: name)
        #expect(try await registry.resourceTags(of: name) == [ResourceTag(key: "a", value: "2"), ResourceTag(key: "b", value: "3")])
        try await registry.removeResourceTags(["a", "never"], from: name)
        #expect(try await registry.resourceTags(of: name).map(\.key) == ["b"])
        await #expect(throws: RegistryError.tooManyResourceTags(limit: 50)) {
            try await registry.addResourceTags((0..<50).map { ResourceTag(key: "k\($0)", value: "") }, to: name)
        }
        #expect(try await registry.resourceTags(of: name).map(\.key) == ["b"])
    }

    @Test func repositoriesAreLimited() async throws {
        var limits = Limits()
        limits.repositories = 1
        let limited = try TestInstallation(limits: limits)
        let small = limited.registry
        let first = try repository("first")
        _ = try await small.createRepository(first)
        await #expect(throws: RegistryError.tooManyRepositories(limit: 1)) { try await small.createRepository(repository("second")) }
        _ = try await small.deleteRepository(first, force: false)
        _ = try await small.createRepository(repository("second"))
        withExtendedLifetime(limited) {}
    }
}
