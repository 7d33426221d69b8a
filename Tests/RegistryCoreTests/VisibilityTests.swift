import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

/// A blob is seen where it was pushed or mounted, and nowhere else.
@Suite struct VisibilityTests {
    let installation: TestInstallation
    let registry: Registry
    let (source, target): (RepositoryName, RepositoryName)

    init() async throws {
        installation = try TestInstallation()
        registry = installation.registry
        (source, target) = (try repository("source"), try repository("target"))
        _ = try await registry.createRepository(source)
        _ = try await registry.createRepository(target)
    }

    @Test func aBlobOfAnotherRepositoryLooksAbsent() async throws {
        let digest = try await registry.push([1, 2], to: source)
        #expect(try await registry.findLayers([digest], in: target, reserving: true).isEmpty)
        await #expect(throws: RegistryError.layerNotFound(digest, target, registry: registry.id)) { try await registry.openLayer(digest, in: target) }
    }

    /// What takes as many statements takes as long, as far as a clock over the network could tell.
    @Test func aBlobOfAnotherRepositoryCostsWhatAnAbsentOneCosts() async throws {
        let foreign = try await registry.push([1, 2], to: source)
        let absent = Digest.of([3, 4])
        func statements(_ ask: () async throws -> Void) async throws -> Int {
            let before = installation.recording.runs
            try await ask()
            return installation.recording.runs - before
        }
        for ask: (Digest) async throws -> Void in [
            { _ = try await registry.findLayers([$0], in: target, reserving: true) },
            { digest in await #expect(throws: RegistryError.self) { try await registry.openLayer(digest, in: target) } },
            { digest in await #expect(throws: RegistryError.self) { try await registry.downloadToken(for: digest, in: target) } },
            { digest in await #expect(throws: RegistryError.self) { try await registry.deleteLayer(digest, from: target) } },
        ] {
            let (of, none) = (try await statements { try await ask(foreign) }, try await statements { try await ask(absent) })
            #expect(of > 0 && of == none)
        }
    }

    @Test func aManifestCannotNameABlobOfAnotherRepository() async throws {
        let config = Array("{}".utf8)
        try await registry.push(config, to: source)
        try await registry.push([1, 2], to: source)
        let manifest = try imageManifest(config: config, layers: [[1, 2]])
        await #expect(throws: RegistryError.layersMissing([Digest.of(config), Digest.of([1, 2])], target, registry: registry.id)) {
            try await registry.putImage(NewImage(manifest: manifest, tags: []), in: target)
        }
        #expect(try await registry.describeImages(in: target, .any, after: nil, limit: 10).elements.isEmpty)
    }

    @Test func mountingSharesTheObject() async throws {
        let digest = try await registry.push([1, 2], to: source)
        #expect(try await registry.mountLayer(digest, from: source, into: target))
        #expect(try await registry.pull(digest, from: target) == [1, 2])
        #expect(try await registry.mountLayer(Digest.of([3]), from: source, into: target) == false)
        #expect(try await registry.mountLayer(digest, from: try repository("absent"), into: target) == false)
        #expect(try await installation.services.check(CheckOptions(reading: .all)).blobs == 1)
    }

    @Test func theSameContentPushedTwiceIsKeptOnce() async throws {
        try await registry.push([1, 2], to: source)
        try await registry.push([1, 2], to: target)
        #expect(try await installation.services.reapObjects(limit: 10) == 1)
        let report = try await installation.services.check(CheckOptions(reading: .all))
        #expect(report.blobs == 1)
        #expect(report.orphans.isEmpty)
        #expect(try await registry.pull(Digest.of([1, 2]), from: target) == [1, 2])
    }

    @Test func registriesOfRegionsAndAccountsShareNothing() async throws {
        let digest = try await registry.push([1, 2], to: source)
        let elsewhere = registry.registry(RegistryID(account: registry.id.account, region: try #require(.init("eu-west-1"))))
        await #expect(throws: RegistryError.repositoryNotFound(source, registry: elsewhere.id)) { try await elsewhere.openLayer(digest, in: source) }
        _ = try await elsewhere.createRepository(source)
        await #expect(throws: RegistryError.layerNotFound(digest, source, registry: elsewhere.id)) {
            try await elsewhere.openLayer(digest, in: source)
        }
    }

    @Test func aBlobThatAManifestNamesCannotBeDeleted() async throws {
        _ = try await registry.pushImage(layers: [[1, 2]], tags: [], to: source)
        await #expect(throws: RegistryError.layerReferenced(Digest.of([1, 2]))) { try await registry.deleteLayer(Digest.of([1, 2]), from: source) }
        let loose = try await registry.push([9], to: source)
        try await registry.deleteLayer(loose, from: source)
        await #expect(throws: RegistryError.layerNotFound(loose, source, registry: registry.id)) { try await registry.openLayer(loose, in: source) }
    }

    @Test func downloadTokensOpenTheirLayerOnlyAndExpire() async throws {
        _ = try await registry.pushImage(layers: [[1, 2]], tags: [], to: source)
        let token = try await registry.downloadToken(for: Digest.of([1, 2]), in: source)
        let open = try #require(try await installation.services.openDownload(token))
        #expect(open.layer.digest == Digest.of([1, 2]))
        open.content.close()

        for index in stride(from: 0, to: token.utf8.count, by: 7) {
            var forged = Array(token.utf8)
            forged[index] = forged[index] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
            #expect(try await installation.services.openDownload(String(decoding: forged, as: UTF8.self)) == nil)
        }
        installation.clock.advance(by: registry.limits.downloadLink)
        #expect(try await installation.services.openDownload(token) == nil)
    }

    @Test func noUrlForALayerThatNoImageNames() async throws {
        let loose = try await registry.push([9], to: source)
        await #expect(throws: RegistryError.layerInaccessible(loose)) { try await registry.downloadToken(for: loose, in: source) }
    }
}
